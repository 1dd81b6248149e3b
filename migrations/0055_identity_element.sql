-- +goose Up
-- What a person has told of himself beyond his account (Appendix B.1 to B.4): one
-- sealed text. The indexes are HMACs under the operator's key, in hex, of what no
-- two persons share; they go when he is erased.
CREATE TABLE identity_element (
  id            UUID   PRIMARY KEY,
  org           UUID   NOT NULL,
  words         UUID   NOT NULL,
  name_index    TEXT   UNIQUE,
  licence_index TEXT   UNIQUE,
  changed_at    BIGINT NOT NULL
);
-- +goose Down
DROP TABLE identity_element;
