-- +goose Up
-- A complaint can't be deleted (B7.1.2.3a), nor can a call from its log.
-- +goose StatementBegin
CREATE TRIGGER complaint_case_keep BEFORE DELETE ON complaint_case
BEGIN SELECT RAISE(ABORT, 'a complaint is never deleted'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER complaint_attempt_keep BEFORE DELETE ON complaint_attempt
BEGIN SELECT RAISE(ABORT, 'a complaint is never deleted'); END;
-- +goose StatementEnd
-- +goose Down
DROP TRIGGER complaint_attempt_keep;
DROP TRIGGER complaint_case_keep;
