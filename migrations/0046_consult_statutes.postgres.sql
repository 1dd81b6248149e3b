-- +goose Up
-- What statutes are looked up by. All of it is derived from consult_statute and
-- made again on load; made is the version of the making.
CREATE TABLE consult_law (law_key TEXT PRIMARY KEY, folded TEXT NOT NULL);
CREATE TABLE consult_statute_index (
  law_key TEXT NOT NULL, article_key TEXT NOT NULL, made INTEGER NOT NULL, terms TSVECTOR NOT NULL,
  PRIMARY KEY (law_key, article_key)
);
CREATE INDEX consult_statute_index_made ON consult_statute_index (made);
CREATE INDEX consult_statute_article ON consult_statute (article_key, law_key);
CREATE INDEX consult_statute_fts ON consult_statute_index USING gin (terms) WITH (fastupdate = off);
-- +goose Down
DROP INDEX consult_statute_article;
DROP TABLE consult_statute_index;
DROP TABLE consult_law;
