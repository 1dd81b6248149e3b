-- +goose Up
-- BB.20509 and BB.20514: sealed like the other texts of an order.
ALTER TABLE consult_order ADD COLUMN relay UUID;
ALTER TABLE consult_order ADD COLUMN remark UUID;
-- +goose Down
ALTER TABLE consult_order DROP COLUMN remark;
ALTER TABLE consult_order DROP COLUMN relay;
