-- +goose Up
-- Pictures and PDF files beside a complaint. file is a blob under the complaint's
-- key; name is a sealed text. Like the complaint they are never deleted (B7.1.2.3a).
CREATE TABLE complaint_attachment (
  id UUID PRIMARY KEY, org UUID NOT NULL, complaint UUID NOT NULL, file UUID NOT NULL UNIQUE, author UUID NOT NULL, own BOOLEAN NOT NULL,
  kind TEXT NOT NULL, size BIGINT NOT NULL, width INTEGER NOT NULL, height INTEGER NOT NULL, n INTEGER NOT NULL, name UUID NOT NULL, at BIGINT NOT NULL,
  UNIQUE (complaint, n)
);
CREATE INDEX complaint_attachment_author ON complaint_attachment (author, at);
CREATE TRIGGER complaint_attachment_keep BEFORE DELETE ON complaint_attachment FOR EACH ROW EXECUTE FUNCTION complaint_refuse();
-- +goose Down
DROP TABLE complaint_attachment;
