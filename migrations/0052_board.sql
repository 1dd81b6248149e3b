-- +goose Up
-- What the live board counts, made from facts by a reaction; it can be made again from them.
CREATE TABLE board_order (
  id UUID PRIMARY KEY, org UUID NOT NULL, path TEXT NOT NULL, asked_at BIGINT NOT NULL, day_at BIGINT NOT NULL,
  state TEXT NOT NULL, awaiting BOOLEAN NOT NULL, warned INTEGER NOT NULL, answered BOOLEAN NOT NULL, late BOOLEAN NOT NULL,
  rating TEXT NOT NULL, exclusion TEXT NOT NULL, call_due BIGINT NOT NULL, call_state TEXT NOT NULL, call_late BOOLEAN NOT NULL
);
CREATE INDEX board_order_waiting ON board_order (asked_at, path) WHERE state = 'waiting';
-- span: 'all', 'day' or 'hour'; at: when it begins.
CREATE TABLE board_count (
  span TEXT NOT NULL, at BIGINT NOT NULL, path TEXT NOT NULL,
  consultations BIGINT NOT NULL, answered BIGINT NOT NULL, answered_in_time BIGINT NOT NULL, abandoned BIGINT NOT NULL,
  rated BIGINT NOT NULL, satisfied BIGINT NOT NULL,
  callbacks_done BIGINT NOT NULL, callbacks_in_time BIGINT NOT NULL, callbacks_late BIGINT NOT NULL, callbacks_open BIGINT NOT NULL, callbacks_overdue BIGINT NOT NULL,
  excluded_test BIGINT NOT NULL, excluded_spam BIGINT NOT NULL, excluded_duplicate BIGINT NOT NULL,
  waiting BIGINT NOT NULL, in_hand BIGINT NOT NULL, asked_back BIGINT NOT NULL,
  clock_0 BIGINT NOT NULL, clock_60 BIGINT NOT NULL, clock_90 BIGINT NOT NULL, clock_110 BIGINT NOT NULL, clock_120 BIGINT NOT NULL,
  PRIMARY KEY (span, at, path)
);
-- +goose Down
DROP TABLE board_count;
DROP TABLE board_order;
