-- +goose Up
-- A lawyer's refused replies among millions of facts: they are few. Numbering a fact
-- doesn't touch this index.
CREATE INDEX journal_fact_refused ON journal_fact (actor, at) WHERE kind = 'consult.refused';
-- +goose Down
DROP INDEX journal_fact_refused;
