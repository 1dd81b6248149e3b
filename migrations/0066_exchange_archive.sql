-- +goose Up
-- Imported orders are listed newest first.
CREATE INDEX exchange_record_orders ON exchange_record (at, id) WHERE kind = 'orders';
-- +goose Down
DROP INDEX exchange_record_orders;
