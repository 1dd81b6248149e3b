package consult

import (
	"bufio"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"mingfa/internal/base/db"
	"mingfa/internal/base/text"
	"mingfa/internal/base/who"
	"mingfa/internal/core/access"
)

// Statute is one article of a law, as it was loaded.
type Statute struct {
	Law     string `json:"law"`
	Article string `json:"article"`
	Text    string `json:"text"`
}

// The limits of loading and looking up.
const (
	maxStatuteLine = 1 << 20
	statuteBatch   = 8 // articles a transaction: 25 took the writer of SQLite 20 to 80 ms, while all others waited
	maxStatutes    = 50
)

// LoadStatutes reads articles as JSON lines (law, article, text), gzipped or
// not. All of the file is checked before anything is stored; an article that is
// there already gets the new text, and its place in the index (LookUp) in the
// same transaction. It returns how many articles the file has.
func (s *Service) LoadStatutes(ctx context.Context, a who.Actor, r io.Reader) (int, error) {
	all, err := ReadStatutes(r)
	if err != nil {
		return 0, err
	}
	for i := 0; i < len(all); i += statuteBatch {
		part := all[i:min(i+statuteBatch, len(all))]
		err := s.DB.Do(ctx, a, func(tx *db.Tx) error {
			for _, st := range part {
				if err := putStatute(tx, st); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return 0, fmt.Errorf("store articles %d to %d: %w", i+1, i+len(part), err)
		}
	}
	return len(all), nil
}

// ReadStatutes reads and checks a file of articles; an error names its line.
func ReadStatutes(r io.Reader) ([]Statute, error) {
	b := bufio.NewReader(r)
	if magic, _ := b.Peek(2); string(magic) == "\x1f\x8b" {
		z, err := gzip.NewReader(b)
		if err != nil {
			return nil, errors.New("the file is not properly gzipped")
		}
		b = bufio.NewReader(z)
	}
	sc := bufio.NewScanner(b)
	sc.Buffer(make([]byte, 64<<10), maxStatuteLine)
	var out []Statute
	for n := 1; sc.Scan(); n++ {
		if strings.TrimSpace(sc.Text()) == "" {
			continue
		}
		st, err := readStatute(sc.Bytes())
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", n, err)
		}
		out = append(out, st)
	}
	if err := sc.Err(); err != nil {
		return nil, fmt.Errorf("read the articles: %w", err)
	}
	return out, nil
}

func readStatute(line []byte) (st Statute, err error) {
	if err := json.Unmarshal(line, &st); err != nil {
		return st, errors.New("not a JSON object with law, article and text")
	}
	for _, f := range []*string{&st.Law, &st.Article, &st.Text} {
		if *f, err = text.Clean(*f); err != nil {
			return st, errors.New("characters that can't be stored")
		}
	}
	if LawName(st.Law) == "" || text.Length(st.Law) > MaxLaw {
		return st, errors.New("the name of the law is missing or too long")
	}
	if _, ok := ArticleNumber(st.Article); !ok {
		return st, errors.New("the article's number can't be read")
	}
	return st, nil
}

func putStatute(tx *db.Tx, st Statute) error {
	article, _ := ArticleNumber(st.Article)
	_, err := tx.Exec(`INSERT INTO consult_statute (law_key, article_key, law, article, words) VALUES (?, ?, ?, ?, ?)
		ON CONFLICT (law_key, article_key) DO UPDATE SET law = excluded.law, article = excluded.article, words = excluded.words`,
		LawName(st.Law), article, st.Law, st.Article, st.Text)
	if err != nil {
		return err
	}
	return indexStatute(tx, LawName(st.Law), article, st)
}

// citations tells for each citation whether the loaded statutes have it.
func citations(tx *db.Tx, list []Basis) ([]bool, error) {
	out := make([]bool, len(list))
	for i, b := range list {
		article, ok := ArticleNumber(b.Article)
		if !ok || i >= maxItems {
			continue
		}
		var n int
		if err := tx.Row("SELECT count(*) FROM consult_statute WHERE law_key = ? AND article_key = ?", LawName(b.Law), article).Scan(&n); err != nil {
			return nil, fmt.Errorf("look a citation up: %w", err)
		}
		out[i] = n > 0
	}
	return out, nil
}

// Statutes lists articles in order: of a law, of an article's number, with words
// as they stand. People who type ask LookUp.
func (s *Service) Statutes(ctx context.Context, a who.Actor, law, article, words string, limit int) (out []Statute, err error) {
	if err := s.Rules.Need(a, "statute.see", access.Object{}); err != nil {
		return nil, err
	}
	where, args := []string{"1 = 1"}, []any{}
	if k := LawName(law); k != "" {
		where, args = append(where, "law_key LIKE ? ESCAPE '!'"), append(args, "%"+like(k)+"%")
	}
	if k, ok := ArticleNumber(article); ok {
		where, args = append(where, "article_key = ?"), append(args, k)
	}
	if w := strings.TrimSpace(words); w != "" {
		where, args = append(where, "words LIKE ? ESCAPE '!'"), append(args, "%"+like(w)+"%")
	}
	err = s.DB.View(ctx, a, func(tx *db.Tx) error {
		rows, err := tx.Rows("SELECT law, article, words FROM consult_statute WHERE "+strings.Join(where, " AND ")+
			" ORDER BY law_key, length(article_key), article_key LIMIT ?", append(args, min(max(limit, 1), maxStatutes))...)
		if err != nil {
			return err
		}
		defer rows.Close() //nolint:errcheck // rows.Err tells
		for rows.Next() {
			var st Statute
			if err := rows.Scan(&st.Law, &st.Article, &st.Text); err != nil {
				return err
			}
			out = append(out, st)
		}
		return rows.Err()
	})
	return out, err
}

// like takes the wild cards out of what was typed.
func like(s string) string { return strings.NewReplacer("!", "!!", "%", "!%", "_", "!_").Replace(s) }
