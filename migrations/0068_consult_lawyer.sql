-- +goose Up
-- A lawyer's call-backs are found by his orders that have one: some of his thousands.
CREATE INDEX consult_order_calls ON consult_order (lawyer, id) WHERE callback IS NOT NULL;
-- In which of his orders something was said lately is read off the index.
DROP INDEX consult_order_lawyer;
CREATE INDEX consult_order_lawyer ON consult_order (lawyer, asked_at, id, last_at, org);
-- +goose Down
DROP INDEX consult_order_lawyer;
CREATE INDEX consult_order_lawyer ON consult_order (lawyer, asked_at, id);
DROP INDEX consult_order_calls;
