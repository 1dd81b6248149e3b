-- +goose Up
CREATE INDEX consult_answer_lawyer ON consult_answer (lawyer, at);
CREATE INDEX consult_order_rated ON consult_order (lawyer, rated_at);
-- +goose Down
DROP INDEX consult_order_rated;
DROP INDEX consult_answer_lawyer;
