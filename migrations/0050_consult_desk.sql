-- +goose Up
-- A note is of staff for staff; its ID is the client's. A handover is the summary with
-- which a lawyer passed an order on; its ID is that of its words.
CREATE TABLE consult_note (
  id UUID PRIMARY KEY, org UUID NOT NULL, consult UUID NOT NULL, author UUID NOT NULL, words UUID NOT NULL, at BIGINT NOT NULL
);
CREATE INDEX consult_note_order ON consult_note (consult, at, id);
CREATE TABLE consult_handover (
  id UUID PRIMARY KEY, org UUID NOT NULL, consult UUID NOT NULL, from_lawyer UUID NOT NULL, to_lawyer UUID NOT NULL, at BIGINT NOT NULL
);
CREATE INDEX consult_handover_order ON consult_handover (consult, at, id);
-- A saved reply without an owner is its organisation's, and of all below it.
CREATE TABLE consult_saved (
  id UUID PRIMARY KEY, org UUID NOT NULL, path TEXT NOT NULL, rev BIGINT NOT NULL, owner UUID, words UUID NOT NULL,
  by_person UUID NOT NULL, at BIGINT NOT NULL, removed BOOLEAN NOT NULL
);
CREATE INDEX consult_saved_owner ON consult_saved (owner, id);
CREATE INDEX consult_saved_org ON consult_saved (org, id);
-- +goose Down
DROP TABLE consult_saved;
DROP TABLE consult_handover;
DROP TABLE consult_note;
