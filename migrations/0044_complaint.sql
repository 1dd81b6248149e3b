-- +goose Up
CREATE TABLE complaint_case (
  id UUID PRIMARY KEY, org UUID NOT NULL, path TEXT NOT NULL, rev BIGINT NOT NULL, number TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL, state TEXT NOT NULL, channel TEXT NOT NULL, language TEXT NOT NULL,
  citizen UUID, order_id UUID, registered_by UUID, key UUID NOT NULL, words UUID NOT NULL, name UUID, phone UUID,
  received_at BIGINT NOT NULL, made_at BIGINT NOT NULL, due_at BIGINT NOT NULL,
  warned INTEGER NOT NULL, attempts INTEGER NOT NULL, counted INTEGER NOT NULL, counted_at BIGINT, reached_at BIGINT, called_at BIGINT,
  category TEXT NOT NULL, reason UUID, measure UUID, result UUID, recorded_at BIGINT, recorded_by UUID,
  hints TEXT NOT NULL, flag TEXT NOT NULL, flagged_at BIGINT, flagged_by UUID, acknowledged_at BIGINT, acknowledged_by UUID,
  escalated BOOLEAN NOT NULL, filed_on TEXT NOT NULL, filing_number UUID, authority UUID,
  closed_at BIGINT, closed_by UUID
);
CREATE INDEX complaint_case_received ON complaint_case (received_at, id);
CREATE INDEX complaint_case_citizen ON complaint_case (citizen, received_at, id);
CREATE INDEX complaint_case_order ON complaint_case (order_id) WHERE order_id IS NOT NULL;
CREATE INDEX complaint_case_open ON complaint_case (received_at, id) WHERE closed_at IS NULL;

CREATE TABLE complaint_attempt (
  id UUID PRIMARY KEY, org UUID NOT NULL, complaint UUID NOT NULL, n INTEGER NOT NULL, reached BOOLEAN NOT NULL, counts BOOLEAN NOT NULL,
  reason UUID, at BIGINT NOT NULL, by_person UUID NOT NULL, UNIQUE (complaint, n)
);
-- +goose Down
DROP TABLE complaint_attempt;
DROP TABLE complaint_case;
