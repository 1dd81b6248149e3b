package consult

import (
	"context"
	"fmt"
	"strings"

	"mingfa/internal/base/db"
	"mingfa/internal/base/text"
	"mingfa/internal/base/who"
	"mingfa/internal/core/access"
)

// indexMade is the version of the index: raise it when text.Terms or
// text.Searchable gives something else, and start makes the index again.
const indexMade = 1

// maxIndexed bounds the characters of one article that the index holds, for
// PostgreSQL takes 1 MB of terms for a row. What comes later is not found.
const maxIndexed = 50_000

// indexStatute puts an article into the index, in the transaction of its row.
func indexStatute(tx *db.Tx, law, article string, st Statute) error {
	if _, err := tx.Exec("INSERT INTO consult_law (law_key, folded) VALUES (?, ?) ON CONFLICT (law_key) DO UPDATE SET folded = excluded.folded", law, lawSearch(st.Law)); err != nil {
		return fmt.Errorf("index a law: %w", err)
	}
	folded, _ := text.Searchable(st.Law + "\n" + st.Text)
	terms := strings.Join(text.Terms(folded[:min(len(folded), maxIndexed)]), " ")
	if tx.Postgres() {
		_, err := tx.Exec(`INSERT INTO consult_statute_index (law_key, article_key, made, terms) VALUES (?, ?, ?, array_to_tsvector(string_to_array(?, ' ')))
			ON CONFLICT (law_key, article_key) DO UPDATE SET made = excluded.made, terms = excluded.terms`, law, article, indexMade, terms)
		return err
	}
	var doc int64
	err := tx.Row(`INSERT INTO consult_statute_index (law_key, article_key, made) VALUES (?, ?, ?)
		ON CONFLICT (law_key, article_key) DO UPDATE SET made = excluded.made RETURNING doc`, law, article, indexMade).Scan(&doc)
	if err != nil {
		return fmt.Errorf("index an article: %w", err)
	}
	_, err = tx.Exec("INSERT OR REPLACE INTO consult_statute_fts (rowid, terms) VALUES (?, ?)", doc, terms)
	return err
}

// IndexStatutes makes the index for articles that lack it: those loaded by an
// older program. It costs two counts when there are none.
func (s *Service) IndexStatutes(ctx context.Context, a who.Actor) error {
	for {
		var missing []Statute
		err := s.DB.View(ctx, a, func(tx *db.Tx) (err error) { missing, err = notIndexed(tx); return err })
		if err != nil || len(missing) == 0 {
			return err
		}
		err = s.DB.Do(ctx, a, func(tx *db.Tx) error {
			for _, st := range missing {
				article, _ := ArticleNumber(st.Article)
				if err := indexStatute(tx, LawName(st.Law), article, st); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return fmt.Errorf("index statutes: %w", err)
		}
	}
}

func notIndexed(tx *db.Tx) ([]Statute, error) {
	var all, made int
	if err := tx.Row("SELECT (SELECT count(*) FROM consult_statute), (SELECT count(*) FROM consult_statute_index WHERE made = ?)", indexMade).Scan(&all, &made); err != nil || all == made {
		return nil, err
	}
	found, err := statuteRows(tx, `WHERE NOT EXISTS (SELECT 1 FROM consult_statute_index i
		WHERE i.law_key = s.law_key AND i.article_key = s.article_key AND i.made = ?) LIMIT ?`, indexMade, statuteBatch)
	out := make([]Statute, len(found))
	for i, f := range found {
		out[i] = f.Statute
	}
	return out, err
}

// statuteRows reads articles; rest follows the name of the table.
func statuteRows(tx *db.Tx, rest string, args ...any) ([]Found, error) {
	return statutesFrom(tx, "consult_statute s "+rest, args...)
}

func statutesFrom(tx *db.Tx, from string, args ...any) (out []Found, err error) {
	rows, err := tx.Rows("SELECT s.law_key, s.article_key, s.law, s.article, s.words FROM "+from, args...)
	if err != nil {
		return nil, fmt.Errorf("look statutes up: %w", err)
	}
	defer rows.Close() //nolint:errcheck // rows.Err tells
	for rows.Next() {
		var f Found
		if err := rows.Scan(&f.key[0], &f.key[1], &f.Law, &f.Article, &f.Text); err != nil {
			return nil, err
		}
		out = append(out, f)
	}
	return out, rows.Err()
}

// LookUp finds articles by what people type: a law and an article, a title, or
// words, the nearest first. It gives at most limit (50) from the offset on, and
// whether there are more. Of words that more than 500 articles have, the first 500
// are weighed; at most 200 are given in all. The right is statute.see.
func (s *Service) LookUp(ctx context.Context, a who.Actor, question string, offset, limit int) (out []Found, more bool, err error) {
	if err := s.Rules.Need(a, "statute.see", access.Object{}); err != nil {
		return nil, false, err
	}
	q := newLookUp(question)
	if len(q.runs) == 0 {
		return nil, false, nil
	}
	var all []Found
	err = s.DB.View(ctx, a, func(tx *db.Tx) (err error) { all, err = q.find(tx); return err })
	if err != nil {
		return nil, false, err
	}
	all = ranked(all)
	from := min(max(offset, 0), len(all))
	to := min(from+min(max(limit, 1), maxStatutes), len(all))
	return all[from:to], to < len(all), nil
}

// find collects what answers the question, each article once.
func (q lookUp) find(tx *db.Tx) (out []Found, err error) {
	seen := map[[2]string]bool{}
	for _, step := range []func(*db.Tx) ([]Found, error){q.named, q.titled, q.inTitled, q.worded} {
		found, err := step(tx)
		if err != nil {
			return nil, err
		}
		for _, f := range found {
			if !seen[f.key] && q.weigh(&f) {
				seen[f.key] = true
				out = append(out, f)
			}
		}
	}
	return out, nil
}

// named finds the article that the question names.
func (q lookUp) named(tx *db.Tx) (out []Found, err error) {
	switch {
	case q.article == "":
		return nil, nil
	case q.law == "":
		out, err = statuteRows(tx, "WHERE s.article_key = ? ORDER BY s.law_key LIMIT ?", q.article, maxStatutes)
	default:
		laws, err2 := lawsLike(tx, []string{q.law})
		if err2 != nil || len(laws) == 0 {
			return nil, err2
		}
		out, err = statuteRows(tx, "WHERE s.article_key = ? AND s.law_key IN ("+marksFor(laws)+") LIMIT ?", append(append([]any{q.article}, laws...), maxStatutes)...)
	}
	for i := range out {
		out[i].tier = exactly
		if q.law != "" {
			out[i].weight = float64(len(q.law)) / float64(len(lawSearch(out[i].Law)))
		}
	}
	return out, err
}

// maxLaws bounds how many laws a title may mean.
const maxLaws = 20

// lawsLike gives the keys of the laws whose titles have all of the given words,
// the shortest titles first. They are asked for by themselves: in one statement
// with the articles, PostgreSQL sorted all articles there are.
func lawsLike(tx *db.Tx, words []string) (keys []any, err error) {
	var conds []string
	var args []any
	for _, w := range words {
		conds, args = append(conds, "folded LIKE ? ESCAPE '!'"), append(args, "%"+like(w)+"%")
	}
	rows, err := tx.Rows("SELECT law_key FROM consult_law WHERE "+strings.Join(conds, " AND ")+" ORDER BY length(folded), law_key LIMIT ?", append(args, maxLaws)...)
	if err != nil {
		return nil, fmt.Errorf("look laws up: %w", err)
	}
	defer rows.Close() //nolint:errcheck // rows.Err tells
	for rows.Next() {
		var key string
		if err := rows.Scan(&key); err != nil {
			return nil, err
		}
		keys = append(keys, key)
	}
	return keys, rows.Err()
}

// marksFor is a placeholder for each key.
func marksFor(keys []any) string { return strings.TrimSuffix(strings.Repeat("?, ", len(keys)), ", ") }

// titled finds the articles of laws whose titles have all words, law by law.
func (q lookUp) titled(tx *db.Tx) (out []Found, err error) {
	var words []string
	for _, run := range q.runs {
		words = append(words, string(run))
	}
	laws, err := lawsLike(tx, words)
	for _, law := range laws {
		if len(out) >= maxFound {
			break
		}
		found, err := statuteRows(tx, "WHERE s.law_key = ? ORDER BY length(s.article_key), s.article_key LIMIT ?", law, maxFound-len(out))
		if err != nil {
			return nil, err
		}
		out = append(out, found...)
	}
	return out, err
}

// inTitled finds articles that have all words in laws whose titles have the
// first: 劳动合同法 经济补偿.
func (q lookUp) inTitled(tx *db.Tx) ([]Found, error) {
	if len(q.runs) < 2 {
		return nil, nil
	}
	laws, err := lawsLike(tx, []string{string(q.runs[0])})
	if err != nil || len(laws) == 0 {
		return nil, err
	}
	return q.candidates(tx, " AND i.law_key IN ("+marksFor(laws)+")", laws)
}

// worded finds articles that have all words.
func (q lookUp) worded(tx *db.Tx) ([]Found, error) { return q.candidates(tx, "", nil) }

// What asks the index: the one place where the two databases differ. SQLite must
// begin with the words, or it collects all matches first.
const (
	fromIndex = "consult_statute_index i WHERE i.terms @@ CAST(? AS tsquery)"
	fromFTS   = "consult_statute_fts CROSS JOIN consult_statute_index i WHERE consult_statute_fts MATCH ? AND i.doc = consult_statute_fts.rowid"
)

// candidates asks the index for articles with all terms, which hold letters and
// digits only: nothing that was typed can be an operator. The articles are joined
// to the limited answer, for joined before, PostgreSQL may test them one by one.
func (q lookUp) candidates(tx *db.Tx, more string, args []any) ([]Found, error) {
	terms := termsOf(q.runs)
	from, match := fromIndex, "'"+strings.Join(terms, "' & '")+"'"
	if !tx.Postgres() {
		from, match = fromFTS, `"`+strings.Join(terms, `" "`)+`"`
	}
	return statutesFrom(tx, "(SELECT i.law_key, i.article_key FROM "+from+more+" LIMIT ?) c CROSS JOIN consult_statute s WHERE s.law_key = c.law_key AND s.article_key = c.article_key",
		append(append([]any{match}, args...), maxCandidates)...)
}
