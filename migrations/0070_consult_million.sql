-- +goose Up
-- What is rare among a million orders is found by its index alone: all that a list
-- filters by stands in it, the condition's own column too, for SQLite asks the row for
-- a column that the index doesn't hold even when the condition has decided it. So a
-- small organisation's page reads no rows of others (consult/list_store.go).
DROP INDEX consult_order_open;
CREATE INDEX consult_order_open ON consult_order (asked_at, id, path, state, warned, breach, answered_at, awaiting) WHERE awaiting;
DROP INDEX consult_order_breach;
CREATE INDEX consult_order_breach ON consult_order (asked_at, id, path, state, answered_at, breach) WHERE breach;
DROP INDEX consult_order_called;
CREATE INDEX consult_order_called ON consult_order (asked_at, id, path, state, rating, callback) WHERE callback IS NOT NULL;
DROP INDEX consult_order_left_out;
CREATE INDEX consult_order_left_out ON consult_order (asked_at, id, path, exclusion, state) WHERE state = 'excluded';
DROP INDEX consult_order_answered;
CREATE INDEX consult_order_answered ON consult_order (asked_at, id, path, state) WHERE state = 'answered';
DROP INDEX consult_order_excluded;
CREATE INDEX consult_order_excluded ON consult_order (excluded_at, id, path, exclusion, state) WHERE state = 'excluded';
-- In the order of the list of warnings; an order that nobody was warned of isn't in it.
DROP INDEX consult_order_warned;
CREATE INDEX consult_order_warned ON consult_order (warned DESC, clock_from, id, path, awaiting) WHERE awaiting AND warned > 0;
DROP INDEX consult_callback_open;
CREATE INDEX consult_callback_open ON consult_callback (state, due_at, id, path);
DROP INDEX consult_callback_running;
CREATE INDEX consult_callback_running ON consult_callback (due_at, id, path, order_id, state) WHERE state <> 'closed';
-- Call-backs that came late, and those that nobody has called yet.
CREATE INDEX consult_callback_late ON consult_callback (id) WHERE called_at > due_at;
CREATE INDEX consult_callback_uncalled ON consult_callback (due_at, id, called_at) WHERE called_at IS NULL;
-- Which orders a lawyer answered in a time, without the answers' rows.
DROP INDEX consult_answer_lawyer;
CREATE INDEX consult_answer_lawyer ON consult_answer (lawyer, at, id);
-- +goose Down
DROP INDEX consult_answer_lawyer;
CREATE INDEX consult_answer_lawyer ON consult_answer (lawyer, at);
DROP INDEX consult_callback_uncalled;
DROP INDEX consult_callback_late;
DROP INDEX consult_callback_running;
CREATE INDEX consult_callback_running ON consult_callback (due_at, id) WHERE state <> 'closed';
DROP INDEX consult_callback_open;
CREATE INDEX consult_callback_open ON consult_callback (state, due_at, id);
DROP INDEX consult_order_warned;
CREATE INDEX consult_order_warned ON consult_order (warned, clock_from) WHERE awaiting;
DROP INDEX consult_order_excluded;
CREATE INDEX consult_order_excluded ON consult_order (excluded_at, id, path) WHERE state = 'excluded';
DROP INDEX consult_order_answered;
CREATE INDEX consult_order_answered ON consult_order (asked_at, id) WHERE state = 'answered';
DROP INDEX consult_order_left_out;
CREATE INDEX consult_order_left_out ON consult_order (asked_at, id, path) WHERE state = 'excluded';
DROP INDEX consult_order_called;
CREATE INDEX consult_order_called ON consult_order (asked_at, id, path) WHERE callback IS NOT NULL;
DROP INDEX consult_order_breach;
CREATE INDEX consult_order_breach ON consult_order (asked_at, id, path) WHERE breach;
DROP INDEX consult_order_open;
CREATE INDEX consult_order_open ON consult_order (asked_at, id) WHERE awaiting;
