-- +goose Up
-- A sample that a person drew: of a lawyer's answers in [from_at, to_at), by a seed,
-- from the facts below a leaf; all but who and why is in its fact too. orders is a
-- JSON list, reason a sealed text under the lawyer's key.
CREATE TABLE quality_hand_draw (
  id UUID PRIMARY KEY, org UUID NOT NULL, path TEXT NOT NULL, lawyer UUID NOT NULL, by_person UUID NOT NULL, at BIGINT NOT NULL,
  within UUID NOT NULL, from_at BIGINT NOT NULL, to_at BIGINT NOT NULL, leaf BIGINT NOT NULL, given TEXT NOT NULL, seed TEXT NOT NULL,
  percent INTEGER NOT NULL, population INTEGER NOT NULL, orders TEXT NOT NULL, fresh INTEGER NOT NULL, reason UUID NOT NULL
);
CREATE INDEX quality_hand_draw_lawyer ON quality_hand_draw (lawyer, at, id);
CREATE INDEX quality_hand_draw_at ON quality_hand_draw (at, id);
ALTER TABLE quality_sample ADD COLUMN hand_draw UUID;
-- +goose Down
ALTER TABLE quality_sample DROP COLUMN hand_draw;
DROP TABLE quality_hand_draw;
