package exchange

import (
	"context"
	"errors"

	"mingfa/internal/base/db"
	"mingfa/internal/base/due"
	"mingfa/internal/base/element"
	"mingfa/internal/base/fault"
	"mingfa/internal/base/sheet"
)

// check is the dry run: it looks at every row and keeps what is wrong.
func (s *Service) check(ctx context.Context, i *Import, file []byte) error {
	c := &checker{Service: s, ctx: ctx, i: i, problems: []Problem{}}
	r := s.reader(ctx, i, c.tell)
	err := sheet.Read(i.Format, file, sheet.Full, isHead(i.Kind), func(row sheet.Row) error {
		return c.row(row.N, r.row(row))
	})
	if err == nil {
		err = c.flush()
	}
	if f, ok := errors.AsType[*fault.Fault](err); ok && f.Kind == fault.Invalid {
		if f.Err != nil {
			s.log().Error("a file could not be read", "import", i.ID, "error", f.Err)
		}
		c.tell(Problem{Key: f.Key, Args: f.Args})
	} else if err != nil {
		return err
	}
	if c.total == 0 && c.wrong == 0 {
		c.tell(Problem{Key: "exchange.no_rows"})
	}
	return s.finish(ctx, i, func(tx *db.Tx, now *Import) error {
		twice, err := sameFile(tx, i.Org, i.Kind, i.Sum, i.ID)
		if err != nil {
			return err
		}
		if twice {
			c.wrong, c.problems = 1, []Problem{{Key: "exchange.same_file"}}
		}
		if err := now.checked(c.total, c.wrong, c.problems, tx.Now()); err != nil {
			return err
		}
		if now.State == Checked {
			if err := s.promise(tx, now); err != nil {
				return err
			}
		} else if err := errors.Join(due.Cancel(tx, now.ID, "job"), s.drop(tx, now)); err != nil {
			return err
		}
		if err := save(tx, now); err != nil {
			return err
		}
		return now.write(tx, CheckedFact{Rows: now.Total, Wrong: now.Wrong}, nil)
	})
}

// checker gathers what is wrong with a file.
type checker struct {
	*Service
	ctx      context.Context
	i        *Import
	total    int64
	wrong    int64
	problems []Problem
	waiting  []unique // values that are not yet compared with what is in the house
}

// unique is a value that no two rows of the organisation may have.
type unique struct {
	column, code, index string
	row                 int
}

func (c *checker) tell(p Problem) {
	if c.wrong++; len(c.problems) < MaxProblems {
		c.problems = append(c.problems, p)
	}
}

func (c *checker) row(n int, row element.Row) error {
	if c.total++; c.total%beatEvery == 0 {
		if err := c.DB.Do(c.ctx, system, func(tx *db.Tx) error { return beat(tx, c.i.ID, c.i.Claim, c.total) }); err != nil {
			return err
		}
	}
	phone, index, err := c.indexes(c.ctx, c.i.Kind, row)
	if err != nil {
		return err
	}
	if c.i.Kind == element.Users && phone != "" {
		c.waiting = append(c.waiting, unique{"phone", phoneOf(c.i.Kind), phone, n})
	}
	for k, code := range uniques(c.i.Kind) {
		if index[k] != "" {
			c.waiting = append(c.waiting, unique{[]string{"index_a", "index_b"}[k], code, index[k], n})
		}
	}
	if len(c.waiting) < 600 {
		return nil
	}
	return c.flush()
}

// flush compares with what was imported before.
func (c *checker) flush() error {
	err := c.DB.View(c.ctx, system, func(tx *db.Tx) error {
		for _, column := range []string{"phone", "index_a", "index_b"} {
			var values []string
			for _, u := range c.waiting {
				if u.column == column {
					values = append(values, u.index)
				}
			}
			taken, err := takenBy(tx, c.i.Org, c.i.Kind, column, values)
			if err != nil {
				return err
			}
			for _, u := range c.waiting {
				if u.column == column && taken[u.index] {
					c.tell(Problem{Row: u.row, Column: u.code, Key: "exchange.taken"})
				}
			}
		}
		return nil
	})
	c.waiting = c.waiting[:0]
	return err
}

// indexes are the look-up values of a row: of its phone, and of its unique
// elements.
func (s *Service) indexes(ctx context.Context, t element.Table, row element.Row) (phone string, index [2]string, err error) {
	if v := row[phoneOf(t)]; v != "" {
		if phone, err = s.People.PhoneIndex(ctx, v); err != nil {
			return "", index, err
		}
	}
	for k, code := range uniques(t) {
		if v := row[code]; v != "" {
			if index[k], err = s.People.Index(ctx, code, v); err != nil {
				return "", index, err
			}
		}
	}
	return phone, index, nil
}
