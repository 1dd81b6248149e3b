-- +goose Up
-- A complaint can't be deleted (B7.1.2.3a), nor can a call from its log.
-- +goose StatementBegin
CREATE FUNCTION complaint_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'a complaint is never deleted'; END $$;
-- +goose StatementEnd
CREATE TRIGGER complaint_case_keep BEFORE DELETE ON complaint_case FOR EACH ROW EXECUTE FUNCTION complaint_refuse();
CREATE TRIGGER complaint_attempt_keep BEFORE DELETE ON complaint_attempt FOR EACH ROW EXECUTE FUNCTION complaint_refuse();
-- +goose Down
DROP TRIGGER complaint_attempt_keep ON complaint_attempt;
DROP TRIGGER complaint_case_keep ON complaint_case;
DROP FUNCTION complaint_refuse();
