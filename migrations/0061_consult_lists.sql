-- +goose Up
-- Lists among a million orders (consult/list_store.go). An organisation's orders,
-- newest first; what is rare, in the order of the list, with the path, so that
-- SQLite passes other organisations' by without reading their rows.
CREATE INDEX consult_order_org ON consult_order (org, asked_at, id);
CREATE INDEX consult_order_breach ON consult_order (asked_at, id, path) WHERE breach;
CREATE INDEX consult_order_called ON consult_order (asked_at, id, path) WHERE callback IS NOT NULL;
CREATE INDEX consult_order_left_out ON consult_order (asked_at, id, path) WHERE state = 'excluded';
CREATE INDEX consult_order_answered ON consult_order (asked_at, id) WHERE state = 'answered';
DROP INDEX consult_order_excluded;
CREATE INDEX consult_order_excluded ON consult_order (excluded_at, id, path) WHERE state = 'excluded';
-- Half of all orders are never rated, and none is when it is asked.
DROP INDEX consult_order_rated;
CREATE INDEX consult_order_rated ON consult_order (lawyer, rated_at) WHERE rated_at IS NOT NULL;
-- +goose Down
DROP INDEX consult_order_excluded;
CREATE INDEX consult_order_excluded ON consult_order (excluded_at, id) WHERE state = 'excluded';
DROP INDEX consult_order_rated;
CREATE INDEX consult_order_rated ON consult_order (lawyer, rated_at);
DROP INDEX consult_order_answered;
DROP INDEX consult_order_left_out;
DROP INDEX consult_order_called;
DROP INDEX consult_order_breach;
DROP INDEX consult_order_org;
