-- +goose Up
-- Pictures and PDF files beside a question, an answer or a message. file is a
-- blob under key, which is the order's; name is a sealed text. Until it was sent a
-- file is its author's alone, and so is the key of an order that is still to come.
CREATE TABLE consult_attachment (
  id UUID PRIMARY KEY, org UUID NOT NULL, consult UUID NOT NULL, key UUID NOT NULL, file UUID NOT NULL UNIQUE,
  author UUID NOT NULL, role TEXT NOT NULL, kind TEXT NOT NULL, size BIGINT NOT NULL, width INTEGER NOT NULL, height INTEGER NOT NULL,
  made_at BIGINT NOT NULL, place TEXT NOT NULL, message UUID, n INTEGER NOT NULL, name UUID, at BIGINT
);
CREATE INDEX consult_attachment_consult ON consult_attachment (consult, n);
CREATE INDEX consult_attachment_unsent ON consult_attachment (author) WHERE place = 'unsent';
CREATE TABLE consult_draft (
  id UUID PRIMARY KEY, org UUID NOT NULL, citizen UUID NOT NULL, consult UUID NOT NULL, key UUID NOT NULL, made_at BIGINT NOT NULL,
  UNIQUE (citizen, consult)
);
-- +goose Down
DROP TABLE consult_draft;
DROP TABLE consult_attachment;
