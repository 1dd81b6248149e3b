package identity

import (
	"context"
	"crypto/rand"
	"database/sql/driver"
	"fmt"
	"math"
	"math/big"
	"strconv"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"mingfa/internal/base/db"
	"mingfa/internal/base/fault"
	"mingfa/internal/base/id"
	"mingfa/internal/base/journal"
	"mingfa/internal/base/seal"
)

// The limits of one-time codes.
const (
	CodeMinutes = 10 // a code is good for
	CodeFor     = CodeMinutes * time.Minute
	codeTries   = 5           // of one code
	codeBetween = time.Minute // between two sendings to a phone
	codeStrikes = 10          // wrong ones in codeWindow lock the phone
	codeWindow  = time.Hour
)

// codeRow is the last code of a phone, and its wrong ones of the last hour.
type codeRow struct {
	bun.BaseModel `bun:"table:identity_code"`

	PhoneIndex string `bun:",pk"`
	ID         id.ID  `bun:"type:uuid"` // random, new with each code: what facts name
	Org        id.ID  `bun:"type:uuid"`
	Code       string // HMAC in hex; "" when it was used
	Tries      int
	Strikes    strikes `bun:"type:text"`
	SentAt     int64
	ExpiresAt  int64
}

// strikes are the instants (ms) of failures, the oldest first.
type strikes []int64

// within drops those that are a window old or older.
func (s strikes) within(window time.Duration, now time.Time) strikes {
	for len(s) > 0 && now.UnixMilli()-s[0] >= window.Milliseconds() {
		s = s[1:]
	}
	return s
}

// Value is for the database.
func (s strikes) Value() (driver.Value, error) {
	parts := make([]string, len(s))
	for i, ms := range s {
		parts[i] = strconv.FormatInt(ms, 10)
	}
	return strings.Join(parts, " "), nil
}

// Scan is for the database.
func (s *strikes) Scan(src any) error {
	var list string
	switch v := src.(type) {
	case string:
		list = v
	case []byte:
		list = string(v)
	default:
		return fmt.Errorf("failures are stored as text, this is a %T", src)
	}
	*s = nil
	for f := range strings.FieldsSeq(list) {
		ms, err := strconv.ParseInt(f, 10, 64)
		if err != nil {
			return fmt.Errorf("failures are stored as numbers")
		}
		*s = append(*s, ms)
	}
	return nil
}

// tooMany is what a locked phone or user name gets: nothing about an account.
func tooMany() error { return fault.New(fault.TooMany, "fault.too_many") }

// SendCode sends a one-time code to a phone, known or not, and tells until when
// it is good. The code before is good no longer.
func (s *Service) SendCode(ctx context.Context, phone, language string) (expires time.Time, err error) {
	root, err := s.operator(ctx)
	if err != nil {
		return expires, err
	}
	e164, index, err := s.phoneIndex(ctx, phone)
	if err != nil {
		return expires, err
	}
	code, err := newCode()
	if err != nil {
		return expires, err
	}
	hash, err := s.codeHash(ctx, index, code)
	if err != nil {
		return expires, err
	}
	fresh := id.New()
	err = s.DB.Do(ctx, system, func(tx *db.Tx) error {
		if err := purgeCodes(tx); err != nil {
			return err
		}
		c, err := lockNewCode(tx, root.ID, index)
		if err != nil {
			return err
		}
		if err := c.renew(fresh, hash, tx.Now()); err != nil {
			return err
		}
		if err := c.save(tx); err != nil {
			return err
		}
		expires = time.UnixMilli(c.ExpiresAt).UTC()
		if s.Send != nil {
			tx.After(func() { s.Send(context.WithoutCancel(ctx), e164, code, string(languageOf(language))) })
		}
		return journal.Write(tx, journal.Entry{Org: root.ID, Root: fresh, Subject: fresh, Rev: 1, Event: CodeSent{}})
	})
	return expires, err
}

func newCode() (string, error) {
	n, err := rand.Int(rand.Reader, big.NewInt(1_000_000))
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("%06d", n), nil
}

// codeHash binds a code to its phone.
func (s *Service) codeHash(ctx context.Context, phoneIndex, code string) (string, error) {
	return s.index(ctx, "code", phoneIndex+"|"+code)
}

// renew puts a fresh code in, unless the phone is locked or was sent one just
// now.
func (c *codeRow) renew(fresh id.ID, hash string, now time.Time) error {
	c.Strikes = c.Strikes.within(codeWindow, now)
	if len(c.Strikes) >= codeStrikes {
		return tooMany()
	}
	if wait := codeBetween - now.Sub(time.UnixMilli(c.SentAt)); wait > 0 {
		return fault.New(fault.TooMany, "identity.code_too_soon").With("seconds", int(math.Ceil(wait.Seconds())))
	}
	c.ID, c.Code, c.Tries = fresh, hash, 0
	c.SentAt, c.ExpiresAt = now.UnixMilli(), now.Add(CodeFor).UnixMilli()
	return nil
}

// try compares a code; each wrong one counts.
func (c *codeRow) try(hash string, now time.Time) (right bool, err error) {
	c.Strikes = c.Strikes.within(codeWindow, now)
	if len(c.Strikes) >= codeStrikes {
		return false, tooMany()
	}
	live := c.Code != "" && now.UnixMilli() <= c.ExpiresAt && c.Tries < codeTries
	if live && seal.Same([]byte(c.Code), []byte(hash)) {
		return true, nil
	}
	c.Tries++
	c.Strikes = append(c.Strikes, now.UnixMilli())
	return false, nil
}

// use makes the code good no longer, and forgets the wrong ones before it.
func (c *codeRow) use() { c.Code, c.Strikes = "", nil }

// lockNewCode takes the row of a phone, made if need be.
func lockNewCode(tx *db.Tx, org id.ID, index string) (codeRow, error) {
	_, err := tx.Exec(`INSERT INTO identity_code (phone_index, id, org, code, tries, strikes, sent_at, expires_at)
		VALUES (?, ?, ?, '', 0, '', 0, 0) ON CONFLICT (phone_index) DO NOTHING`, index, id.New().String(), org.String())
	if err != nil {
		return codeRow{}, fmt.Errorf("make the row of a code: %w", err)
	}
	c, _, err := lockCode(tx, index)
	return c, err
}

// lockCode takes the row of a phone; ok is false when it was sent nothing.
func lockCode(tx *db.Tx, index string) (c codeRow, ok bool, err error) {
	err = tx.Lock(tx.NewSelect().Model(&c).Where("phone_index = ?", index)).Scan(tx.Ctx())
	if db.NotFound(err) {
		return c, false, nil
	}
	return c, err == nil, err
}

func (c *codeRow) save(tx *db.Tx) error {
	_, err := tx.NewUpdate().Model(c).WherePK().Exec(tx.Ctx())
	return err
}

// purgeCodes drops rows that say nothing any more.
func purgeCodes(tx *db.Tx) error {
	_, err := tx.Exec("DELETE FROM identity_code WHERE expires_at < ? AND expires_at > 0", tx.Now().Add(-codeWindow).UnixMilli())
	return err
}
