package identity

import (
	"context"
	"fmt"
	"time"

	"mingfa/internal/base/db"
	"mingfa/internal/base/fault"
	"mingfa/internal/base/id"
	"mingfa/internal/base/seal"
	"mingfa/internal/base/text"
	"mingfa/internal/base/who"
)

// wrongCode is the one answer to a code that is wrong, used, old or never sent.
func wrongCode() error { return fault.Bad(fault.At("code", "identity.code_wrong")) }

// wrongCredentials is the one answer to staff who can't sign in.
func wrongCredentials() error { return fault.New(fault.Unknown, "identity.wrong_credentials") }

// entry is one citizen's attempt to sign in.
type entry struct {
	root     Org
	index    string // of his phone
	hash     string // of the code
	session  id.ID
	token    string // its hash
	language Language

	made *made // what a new account needs; nil until it is known to be needed
}

// made is a key and a phone sealed under it, for an account that may come.
type made struct {
	person, key id.ID
	phone       seal.Sealed
}

// result is what became of an attempt.
type result struct {
	session  Session
	refused  bool // the code is not good
	newcomer bool // it is, and there is no account yet: nothing was done
}

// SignInCitizen signs the holder of a phone in with the code that was sent
// there, and makes his account the first time. The token is given once.
func (s *Service) SignInCitizen(ctx context.Context, phone, code, language string) (Session, string, error) {
	root, err := s.operator(ctx)
	if err != nil {
		return Session{}, "", err
	}
	e164, index, err := s.phoneIndex(ctx, phone)
	if err != nil {
		return Session{}, "", err
	}
	hash, err := s.codeHash(ctx, index, code)
	if err != nil {
		return Session{}, "", err
	}
	token, stored := newToken()
	e := entry{root: root, index: index, hash: hash, session: id.New(), token: stored, language: languageOf(language)}
	r, err := s.enter(ctx, e)
	if err == nil && r.newcomer {
		// Only now, with a good code, is a key made: nobody fills the key store by guessing.
		if e.made, err = s.newcomer(ctx, root, e164); err != nil {
			return Session{}, "", err
		}
		r, err = s.enter(ctx, e)
	}
	if err == nil && r.refused {
		err = wrongCode()
	}
	if err != nil {
		return Session{}, "", err
	}
	return r.session, token, nil
}

func (s *Service) newcomer(ctx context.Context, root Org, e164 string) (*made, error) {
	key, err := s.Keys.New(ctx, seal.Person, root.Key)
	if err != nil {
		return nil, err
	}
	sealed, err := s.Keys.Seal(ctx, root.ID, key, e164)
	return &made{person: id.New(), key: key, phone: sealed}, err
}

// enter tries the code and begins the session, in one transaction. Wrong codes
// are counted in it, so it commits then too.
func (s *Service) enter(ctx context.Context, e entry) (r result, err error) {
	err = s.DB.Do(ctx, system, func(tx *db.Tx) error {
		r = result{}
		c, ok, err := lockCode(tx, e.index)
		if err != nil {
			return err
		}
		if !ok {
			r.refused = true
			return noteFailed(tx, e.root.ID, e.root.ID, SignInFailed{Way: ByCode})
		}
		right, err := c.try(e.hash, tx.Now())
		if err != nil {
			return err
		}
		if !right {
			r.refused = true
			if err := c.save(tx); err != nil {
				return err
			}
			return noteFailed(tx, e.root.ID, c.ID, SignInFailed{Way: ByCode, Locked: len(c.Strikes) >= codeStrikes})
		}
		return e.in(tx, &c, &r)
	})
	return r, err
}

// in uses the code up and begins the session.
func (e entry) in(tx *db.Tx, c *codeRow, r *result) error {
	p, err := onePerson(tx.Lock(tx.NewSelect().Where("phone_index = ?", e.index)), tx)
	switch {
	case fault.Is(err, fault.Absent) && e.made == nil:
		r.newcomer = true
		return nil
	case fault.Is(err, fault.Absent):
		p, err = e.join(tx)
	}
	if err != nil {
		return err
	}
	c.use()
	if err := c.save(tx); err != nil {
		return err
	}
	r.session, err = begin(tx, p, e.session, e.token, ByCode)
	return err
}

// join makes the account.
func (e entry) join(tx *db.Tx) (person, error) {
	p := person{ID: e.made.person, Org: e.root.ID, Rev: 1, Kind: citizen, PhoneText: e.made.phone.ID, PhoneIndex: e.index,
		Key: e.made.key, Language: e.language, Roles: string(who.Citizen), MadeAt: db.At(tx.Now())}
	if _, err := tx.NewInsert().Model(&p).Exec(tx.Ctx()); err != nil {
		return p, fmt.Errorf("make an account: %w", err)
	}
	return p, p.write(tx, Joined{Language: p.Language}, map[string]seal.Sealed{"phone": e.made.phone})
}

// The limits of staff sign-ins.
const (
	staffStrikes = 10 // failures in staffWindow lock a user name
	staffWindow  = 15 * time.Minute
	maxPassword  = 128 // characters
)

// SignInStaff signs a member of staff in with user name, password and second
// factor. Every failure has the same answer, and unknown users take as long as
// known ones.
func (s *Service) SignInStaff(ctx context.Context, user, password, totp string) (Session, string, error) {
	root, err := s.operator(ctx)
	if err != nil {
		return Session{}, "", err
	}
	if text.Length(user) > maxUser || text.Length(password) > maxPassword {
		return Session{}, "", wrongCredentials()
	}
	index, err := s.index(ctx, "user", text.Fold(user))
	if err != nil {
		return Session{}, "", err
	}
	p, err := s.knock(ctx, root, index)
	if err != nil {
		return Session{}, "", err
	}
	step, err := s.prove(ctx, p, password, totp)
	if err != nil {
		return Session{}, "", err
	}
	token, hash := newToken()
	session, ok, err := s.admit(ctx, root, index, p, step, id.New(), hash)
	if err == nil && !ok {
		err = wrongCredentials()
	}
	if err != nil {
		return Session{}, "", err
	}
	return session, token, nil
}

// knock counts the attempt before anything is compared, so that many at once
// don't get past the limit, and finds the account: the zero person for none.
func (s *Service) knock(ctx context.Context, root Org, index string) (p person, err error) {
	err = s.DB.Do(ctx, system, func(tx *db.Tx) error {
		p = person{}
		now := tx.Now()
		if _, err := tx.Exec("DELETE FROM identity_attempt WHERE last_at < ?", now.Add(-staffWindow).UnixMilli()); err != nil {
			return err
		}
		if _, err := tx.Exec("INSERT INTO identity_attempt (user_index, org, strikes, last_at) VALUES (?, ?, '', ?) ON CONFLICT (user_index) DO NOTHING",
			index, root.ID.String(), now.UnixMilli()); err != nil {
			return err
		}
		var list strikes
		q := "SELECT strikes FROM identity_attempt WHERE user_index = ?"
		if tx.Postgres() {
			q += " FOR UPDATE"
		}
		if err := tx.Row(q, index).Scan(&list); err != nil {
			return err
		}
		list = list.within(staffWindow, now)
		if len(list) >= staffStrikes {
			return tooMany()
		}
		list = append(list, now.UnixMilli())
		if _, err := tx.Exec("UPDATE identity_attempt SET strikes = ?, last_at = ? WHERE user_index = ?", list, now.UnixMilli(), index); err != nil {
			return err
		}
		p, err = onePerson(tx.NewSelect().Where("user_index = ?", index), tx)
		return unlessAbsent(err)
	})
	return p, err
}

// prove compares password and second factor; it gives the step of the second
// factor, or 0 when one of the two is wrong.
func (s *Service) prove(ctx context.Context, p person, password, code string) (int64, error) {
	stored := p.Password
	if stored == "" {
		stored = dummyHash()
	}
	ok, err := checkPassword(ctx, stored, password)
	if err != nil || !ok || p.TOTP == "" {
		return 0, err
	}
	secret, err := s.openTOTP(ctx, p)
	if err != nil {
		return 0, err
	}
	return totpStep(secret, code, s.DB.Now()), nil
}

// admit begins the session, if the step is later than the last one that was
// used; or notes the failure.
func (s *Service) admit(ctx context.Context, root Org, index string, p person, step int64, i id.ID, hash string) (x Session, ok bool, err error) {
	err = s.DB.Do(ctx, system, func(tx *db.Tx) error {
		x, ok = Session{}, false
		if step > 0 {
			now, err := lockPerson(tx, p.ID)
			if err != nil {
				return err
			}
			ok = now.UserIndex == index && now.Password == p.Password && step > now.TOTPStep
		}
		if !ok {
			about := p.ID
			if about == id.Nil { // nobody fills the log with invented names
				about = root.ID
			}
			return noteFailed(tx, root.ID, about, SignInFailed{Way: ByPassword})
		}
		if _, err := tx.Exec("UPDATE identity_person SET totp_step = ? WHERE id = ?", step, p.ID.String()); err != nil {
			return err
		}
		if _, err := tx.Exec("DELETE FROM identity_attempt WHERE user_index = ?", index); err != nil {
			return err
		}
		x, err = begin(tx, p, i, hash, ByPassword)
		return err
	})
	return x, ok, err
}
