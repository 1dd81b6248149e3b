-- +goose Up
CREATE TABLE report_daily (
  id UUID NOT NULL, org UUID NOT NULL, path TEXT NOT NULL, day TEXT NOT NULL, version BIGINT NOT NULL, leaf BIGINT NOT NULL,
  made_at BIGINT NOT NULL, checkpoint TEXT NOT NULL, file UUID NOT NULL, PRIMARY KEY (id, version)
);
CREATE INDEX report_daily_day ON report_daily (org, day, version);
-- +goose Down
DROP TABLE report_daily;
