-- +goose Up
-- Lists of what a figure counted: running clocks, and orders that are not counted.
CREATE INDEX consult_order_open ON consult_order (asked_at, id) WHERE awaiting;
CREATE INDEX consult_order_excluded ON consult_order (excluded_at, id) WHERE state = 'excluded';
CREATE INDEX consult_callback_running ON consult_callback (due_at, id) WHERE state <> 'closed';
-- +goose Down
DROP INDEX consult_callback_running;
DROP INDEX consult_order_excluded;
DROP INDEX consult_order_open;
