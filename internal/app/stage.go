package app

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"

	"mingfa/internal/base/db"
)

// theatre is a server on a stepped clock, on a loopback port: the stage of a
// play. Between two moments everything that is due is run in its order, so that
// the played day knows no waiting and no chance.
type theatre struct {
	mu     sync.Mutex // one at a time moves the clock or lets the house come to rest
	house  *house
	clock  *db.StepClock
	base   string
	server *http.Server
}

// stage opens a house whose clock stands at begin, seeds it and serves it.
func stage(ctx context.Context, c config, a *demoAccess, begin time.Time, log *slog.Logger) (*theatre, error) {
	return stageWith(ctx, c, a, begin, log, func(t *theatre) http.Handler { return t.house.web.Handler() })
}

// stageWith is stage with another handler.
func stageWith(ctx context.Context, c config, a *demoAccess, begin time.Time, log *slog.Logger, handler func(*theatre) http.Handler) (*theatre, error) {
	t := &theatre{clock: db.NewStepClock(begin)}
	listener, err := net.Listen("tcp", cmp.Or(c.Listen, "127.0.0.1:0"))
	if err != nil {
		return nil, err
	}
	t.base = "http://" + listener.Addr().String()
	if c.URL == "" {
		c.URL = t.base
	}
	if t.house, err = open(ctx, c, options{clock: t.clock, step: true, log: log}); err != nil {
		listener.Close() //nolint:errcheck // nothing was served
		return nil, err
	}
	if err := t.house.seed(ctx, a); err != nil {
		return nil, errors.Join(err, listener.Close(), t.house.close())
	}
	t.server = &http.Server{Handler: handler(t), ReadHeaderTimeout: 10 * time.Second}
	go t.server.Serve(listener) //nolint:errcheck // ends with Close
	return t, nil
}

// Now is where the clock stands.
func (t *theatre) Now() time.Time { return t.clock.Now() }

// To runs everything that is due until then, in order, and then it is then.
func (t *theatre) To(ctx context.Context, then time.Time) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	for {
		if err := t.settle(ctx); err != nil {
			return err
		}
		next, ok, err := t.house.due.Next(ctx)
		if err != nil {
			return err
		}
		if !ok || next.After(then) {
			break
		}
		t.clock.Set(next)
		if _, err := t.house.due.RunDue(ctx); err != nil {
			return err
		}
	}
	t.clock.Set(then)
	return nil
}

// settled lets everything happen that follows from a request before its answer
// ends: on a clock that stands, nothing else would.
func (t *theatre) settled() http.Handler {
	h := t.house.web.Handler()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h.ServeHTTP(w, r)
		if r.Method == http.MethodGet || r.Method == http.MethodHead {
			return
		}
		t.mu.Lock()
		defer t.mu.Unlock()
		if err := t.settle(context.WithoutCancel(r.Context())); err != nil {
			t.house.log.Error("the house does not come to rest", "error", err)
		}
	})
}

// settle runs what is due now and the reactions to it, until nothing is left.
func (t *theatre) settle(ctx context.Context) error {
	for range 1000 {
		if err := t.house.journal.Drain(ctx); err != nil {
			return err
		}
		fired, err := t.house.due.RunDue(ctx)
		if err != nil {
			return err
		}
		if fired == 0 {
			return nil
		}
	}
	return fmt.Errorf("the house does not come to rest")
}

// close ends the play's server and seals what is left.
func (t *theatre) close(ctx context.Context) error {
	err := t.server.Close()
	if e := t.house.journal.Drain(ctx); e != nil {
		err = errors.Join(err, e)
	}
	return errors.Join(err, t.house.stop(ctx))
}
