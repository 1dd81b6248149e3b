-- +goose Up
CREATE TABLE consult_order (
  id UUID PRIMARY KEY, org UUID NOT NULL, path TEXT NOT NULL, rev BIGINT NOT NULL, number TEXT NOT NULL UNIQUE,
  state TEXT NOT NULL, region TEXT NOT NULL, problem TEXT NOT NULL, language TEXT NOT NULL, source TEXT NOT NULL,
  citizen UUID NOT NULL, key UUID NOT NULL,
  title UUID NOT NULL, question UUID NOT NULL, name UUID NOT NULL, phone UUID NOT NULL, email UUID,
  asked_at BIGINT NOT NULL, clock_from BIGINT NOT NULL, due_at BIGINT NOT NULL, awaiting BOOLEAN NOT NULL,
  warned INTEGER NOT NULL, breach BOOLEAN NOT NULL,
  lawyer UUID, assigned_at BIGINT, why TEXT NOT NULL, had TEXT NOT NULL,
  answered_at BIGINT, read_at BIGINT, closed_at BIGINT, last_at BIGINT NOT NULL, messages INTEGER NOT NULL,
  rating TEXT, rated_at BIGINT, comment UUID, callback UUID,
  exclusion TEXT, note UUID, excluded_by UUID, excluded_at BIGINT
);
CREATE INDEX consult_order_citizen ON consult_order (citizen, asked_at, id);
CREATE INDEX consult_order_lawyer ON consult_order (lawyer, asked_at, id);
CREATE INDEX consult_order_asked ON consult_order (asked_at, id);
CREATE INDEX consult_order_waiting ON consult_order (asked_at) WHERE state = 'waiting';
CREATE INDEX consult_order_warned ON consult_order (warned, clock_from) WHERE awaiting;
CREATE VIEW consult_order_v AS SELECT id, org, path, rev, number, state, region, problem, language, source, citizen, asked_at,
  due_at, awaiting, warned, breach, lawyer, answered_at, read_at, closed_at, rating, rated_at, callback, exclusion FROM consult_order;

CREATE TABLE consult_answer (
  id UUID PRIMARY KEY, org UUID NOT NULL, lawyer UUID NOT NULL, at BIGINT NOT NULL, draft UUID NOT NULL, own INTEGER NOT NULL,
  known TEXT NOT NULL, opening TEXT NOT NULL, disclaimer TEXT NOT NULL, closing TEXT NOT NULL
);
CREATE TABLE consult_message (
  id UUID PRIMARY KEY, org UUID NOT NULL, consult UUID NOT NULL, n INTEGER NOT NULL, role TEXT NOT NULL, author UUID NOT NULL,
  words UUID NOT NULL, at BIGINT NOT NULL, UNIQUE (consult, n)
);
CREATE TABLE consult_callback (
  id UUID PRIMARY KEY, org UUID NOT NULL, path TEXT NOT NULL, order_id UUID NOT NULL UNIQUE, rev BIGINT NOT NULL,
  state TEXT NOT NULL, rating TEXT NOT NULL, opened_at BIGINT NOT NULL, due_at BIGINT NOT NULL, attempts INTEGER NOT NULL,
  reached_at BIGINT, called_at BIGINT, category TEXT NOT NULL, reason UUID, details UUID, feedback UUID,
  legal BOOLEAN NOT NULL, violation BOOLEAN NOT NULL, result_at BIGINT, result_by UUID,
  lawyer_due_at BIGINT, lawyer_at BIGINT, lawyer UUID, summary UUID, closed_at BIGINT, closed_by UUID
);
CREATE INDEX consult_callback_open ON consult_callback (state, due_at, id);
CREATE TABLE consult_attempt (
  id UUID PRIMARY KEY, org UUID NOT NULL, callback UUID NOT NULL, n INTEGER NOT NULL, reached BOOLEAN NOT NULL, note UUID,
  at BIGINT NOT NULL, by_person UUID NOT NULL, UNIQUE (callback, n)
);
CREATE TABLE consult_statute (
  law_key TEXT NOT NULL, article_key TEXT NOT NULL, law TEXT NOT NULL, article TEXT NOT NULL, words TEXT NOT NULL,
  PRIMARY KEY (law_key, article_key)
);
-- +goose Down
DROP TABLE consult_statute;
DROP TABLE consult_attempt;
DROP TABLE consult_callback;
DROP TABLE consult_message;
DROP TABLE consult_answer;
DROP VIEW consult_order_v;
DROP TABLE consult_order;
