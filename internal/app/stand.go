package app

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strings"
	"time"
)

// standing serves a fresh demonstration whose clock stands still: only a line on
// its standard input moves it, to a moment (2026-03-02T09:00:00+08:00) or by a
// span (90m). So a browser can live a day with a breach, a night and a report,
// and no request can touch the clock. It ends with its input.
func standing(ctx context.Context, args []string, out, errOut io.Writer) error {
	var c config
	f := flag.NewFlagSet("stage", flag.ContinueOnError)
	c.serverFlags(f)
	begin := f.String("from", playDay+"T08:00:00+08:00", "where the clock stands first")
	laws := f.String("statutes", "", "a file of articles to load first, as statutes load takes it")
	if err := c.read(f, args, errOut); err != nil {
		return err
	}
	if err := noMore(f); err != nil {
		return err
	}
	at, err := time.Parse(time.RFC3339, *begin)
	if err != nil {
		return fmt.Errorf("--from is a moment such as %sT08:00:00+08:00", playDay)
	}
	if err := c.refuseUsed(); err != nil {
		return err
	}
	c.Demo = true
	access := newDemoAccess()
	t, err := stageWith(ctx, c, access, at, slog.New(slog.NewJSONHandler(errOut, nil)), (*theatre).settled)
	if err != nil {
		return err
	}
	if err := t.load(ctx, *laws); err != nil {
		return errors.Join(err, t.close(ctx))
	}
	fmt.Fprintln(out, asJSON(map[string]string{"listening": t.base, "now": told(t.Now())}))
	fmt.Fprintln(out, asJSON(map[string]*demoAccess{"demo": access}))
	err = t.follow(ctx, os.Stdin, out)
	stopping, cancel := context.WithTimeout(context.WithoutCancel(ctx), 30*time.Second)
	defer cancel()
	if e := t.close(stopping); err == nil {
		err = e
	}
	return err
}

// load loads a file of articles; "" is none.
func (t *theatre) load(ctx context.Context, path string) error {
	if path == "" {
		return nil
	}
	file, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("open the articles: %w", err)
	}
	defer file.Close() //nolint:errcheck // read only
	_, err = t.house.consult.LoadStatutes(ctx, system, file)
	return err
}

// follow steps the clock as the lines say, and answers each when all that was
// due until then has happened.
func (t *theatre) follow(ctx context.Context, in io.Reader, out io.Writer) error {
	lines := make(chan string)
	go func() {
		defer close(lines)
		for sc := bufio.NewScanner(in); sc.Scan(); {
			lines <- sc.Text()
		}
	}()
	for {
		select {
		case <-ctx.Done():
			return nil
		case line, more := <-lines:
			if !more {
				return nil
			}
			then, err := moment(strings.TrimSpace(line), t.Now())
			if err == nil {
				err = t.To(ctx, then)
			}
			if err != nil {
				return err
			}
			fmt.Fprintln(out, asJSON(map[string]string{"now": told(t.Now())}))
		}
	}
}

// moment reads a line: a moment, or how long after now.
func moment(line string, now time.Time) (time.Time, error) {
	if d, err := time.ParseDuration(line); err == nil && d >= 0 {
		return now.Add(d), nil
	}
	at, err := time.Parse(time.RFC3339, line)
	if err != nil || at.Before(now) {
		return now, fmt.Errorf("%q is no moment to come and no span", line)
	}
	return at, nil
}

// told writes a moment for programs.
func told(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }
