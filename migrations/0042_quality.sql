-- +goose Up
CREATE TABLE quality_draw (
  id UUID PRIMARY KEY, org UUID NOT NULL, path TEXT NOT NULL, rev BIGINT NOT NULL, lawyer UUID NOT NULL, month TEXT NOT NULL,
  leaf BIGINT NOT NULL, drawn_at BIGINT NOT NULL, population INTEGER NOT NULL, drawn INTEGER NOT NULL
);
CREATE INDEX quality_draw_month ON quality_draw (month, lawyer);
CREATE TABLE quality_sample (
  id UUID PRIMARY KEY, org UUID NOT NULL, path TEXT NOT NULL, rev BIGINT NOT NULL, order_id UUID NOT NULL UNIQUE, key UUID NOT NULL,
  number TEXT NOT NULL, problem TEXT NOT NULL, lawyer UUID NOT NULL, citizen UUID NOT NULL, month TEXT NOT NULL,
  drawn BOOLEAN NOT NULL, added_by UUID, reason UUID, sampled_at BIGINT NOT NULL,
  state TEXT NOT NULL, due_at BIGINT, fatal BOOLEAN NOT NULL, minor BOOLEAN NOT NULL, first_by UUID, second_by UUID,
  dispute UUID, disputed_at BIGINT, settled_at BIGINT
);
CREATE INDEX quality_sample_month ON quality_sample (month, lawyer, id);
CREATE INDEX quality_sample_lawyer ON quality_sample (lawyer, id);
CREATE INDEX quality_sample_state ON quality_sample (state, id);
CREATE INDEX quality_sample_citizen ON quality_sample (citizen);
CREATE TABLE quality_check (
  id UUID PRIMARY KEY, org UUID NOT NULL, sample UUID NOT NULL, round INTEGER NOT NULL, by_person UUID NOT NULL, at BIGINT NOT NULL,
  catalogue TEXT NOT NULL, marks TEXT NOT NULL, fatal INTEGER NOT NULL, minor INTEGER NOT NULL, notes UUID, UNIQUE (sample, round)
);
CREATE TABLE quality_intervention (
  id UUID PRIMARY KEY, org UUID NOT NULL, path TEXT NOT NULL, rev BIGINT NOT NULL, lawyer UUID NOT NULL, state TEXT NOT NULL,
  opened_at BIGINT NOT NULL, rated INTEGER NOT NULL, satisfied INTEGER NOT NULL, category TEXT NOT NULL, cause UUID, checks TEXT NOT NULL,
  analysed_by UUID, measures INTEGER NOT NULL, conclusion UUID, closed_at BIGINT, closed_by UUID
);
CREATE INDEX quality_intervention_lawyer ON quality_intervention (lawyer, opened_at);
CREATE INDEX quality_intervention_state ON quality_intervention (state, opened_at, id);
CREATE TABLE quality_measure (
  id UUID PRIMARY KEY, org UUID NOT NULL, intervention UUID NOT NULL, n INTEGER NOT NULL, kind TEXT NOT NULL, words UUID NOT NULL,
  at BIGINT NOT NULL, by_person UUID NOT NULL, UNIQUE (intervention, n)
);
-- +goose Down
DROP TABLE quality_measure;
DROP TABLE quality_intervention;
DROP TABLE quality_check;
DROP TABLE quality_sample;
DROP TABLE quality_draw;
