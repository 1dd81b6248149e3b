package app

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"mingfa/internal/base/journal"
	"mingfa/internal/base/seal"
	"mingfa/internal/base/who"
	"mingfa/internal/play/recount"
	"mingfa/internal/play/script"
)

// playDay is the day that is played: a Monday before any holiday, so that the
// next working day is the next day.
const playDay = "2026-03-02"

// Outcome is what mingfa play --json prints last.
type Outcome struct {
	recount.Figures
	Facts       int64             `json:"facts"`
	Verify      string            `json:"verify"`
	ReportPath  string            `json:"report_path"`
	LogPath     string            `json:"log_path"`
	LooksPath   string            `json:"looks_path"`
	WallSeconds float64           `json:"wall_seconds"`
	Planted     map[string]string `json:"planted"`
	Server      serverFigures     `json:"server"`  // what the program itself reports, to be compared
	Recount     recount.Result    `json:"recount"` // everything that it showed, compared with the log
}

// serverFigures are those of GET /figures that the recount computes too.
type serverFigures struct {
	Consultations int `json:"consultations"`
	Answered      int `json:"answered"`
	InTime        int `json:"answered_within_120min"`
	Breaches      int `json:"breaches"`
	Rated         int `json:"rated"`
	NonSatisfied  int `json:"non_satisfied"`
	CallbacksDue  int `json:"callbacks_due"`
	CallbacksDone int `json:"callbacks_done"`
	Participation struct {
		Text string `json:"text"`
	} `json:"participation"`
	Satisfaction struct {
		Text string `json:"text"`
	} `json:"satisfaction"`
}

type playConfig struct {
	config
	questions string
	orders    int
	seed      uint64
	json      bool
}

// play plays a whole day of real questions on a fresh server.
func play(ctx context.Context, args []string, out, errOut io.Writer) error {
	var p playConfig
	f := flag.NewFlagSet("play", flag.ContinueOnError)
	f.StringVar(&p.questions, "questions", "", "JSON lines with questions, .gz or not")
	f.IntVar(&p.orders, "orders", 0, "how many orders (default: one for each question)")
	f.Uint64Var(&p.seed, "seed", 1, "the same seed gives the same figures")
	f.BoolVar(&p.json, "json", false, "print one JSON object as the last line")
	given := dataGiven(args)
	if err := p.read(f, args, errOut); err != nil {
		return err
	}
	if err := noMore(f); err != nil {
		return err
	}
	if p.questions == "" || p.orders < 0 {
		return errors.New("tell me the questions: --questions FILE.jsonl[.gz], and --orders of at least 1 or none")
	}
	if !given {
		dir, err := os.MkdirTemp("", "mingfa-play-")
		if err != nil {
			return err
		}
		p.Data, p.Keys, p.Blobs, p.Checkpoints = dir, "", "", "-"
		if p.postgres() == "" {
			p.DB = ""
		}
		if err := p.defaults(); err != nil {
			return err
		}
	}
	o, err := p.run(ctx, errOut)
	if err != nil {
		return err
	}
	p.print(o, out)
	if o.Verify != "ok" {
		return errors.New("verify did not hold: " + o.Verify)
	}
	if n := len(o.Recount.Differences); n > 0 {
		return fmt.Errorf("%d figures are not what the log of the clients says", n)
	}
	return nil
}

// dataGiven tells whether the command line names a data directory; else a play
// takes a fresh one.
func dataGiven(args []string) bool {
	for _, a := range args {
		if a == "--data" || a == "-data" || len(a) > 7 && (a[:7] == "--data=" || a[:6] == "-data=") {
			return true
		}
	}
	return os.Getenv("MINGFA_DATA") != ""
}

// run plays, asks the server for its figures, counts again and verifies.
func (p *playConfig) run(ctx context.Context, errOut io.Writer) (o Outcome, err error) {
	start := time.Now()
	questions, err := script.ReadQuestions(p.questions)
	if err != nil {
		return o, err
	}
	zone, err := time.LoadLocation("Asia/Shanghai")
	if err != nil {
		return o, err
	}
	midnight, err := time.ParseInLocation(time.DateOnly, playDay, zone)
	if err != nil {
		return o, err
	}
	if err := p.refuseUsed(); err != nil {
		return o, err
	}
	access := newDemoAccess()
	p.SMS = "screen"
	log := slog.New(slog.NewJSONHandler(errOut, &slog.HandlerOptions{Level: slog.LevelError}))
	s, err := stage(ctx, p.config, access, midnight.Add(-time.Hour), log)
	if err != nil {
		return o, err
	}
	o.LogPath, o.LooksPath = filepath.Join(p.Data, "play.jsonl"), filepath.Join(p.Data, "looks.jsonl")
	played, err := p.perform(ctx, s, access, questions, midnight, o.LogPath, o.LooksPath, errOut)
	if err == nil {
		o.ReportPath, o.Server, err = p.collect(ctx, s, access, midnight)
	}
	if err = errors.Join(err, s.close(ctx)); err != nil {
		return o, err
	}
	if o.Figures, err = countLog(o.LogPath); err != nil {
		return o, err
	}
	if o.Recount, err = compareLooks(o.LogPath, o.LooksPath); err != nil {
		return o, err
	}
	o.Planted = map[string]string{}
	for order, what := range played.Planted {
		o.Planted[order] = string(what)
	}
	o.Facts, o.Verify = p.check(ctx)
	o.WallSeconds = time.Since(start).Seconds()
	return o, nil
}

// refuseUsed keeps a stepped clock from a data directory that holds something.
func (c *config) refuseUsed() error {
	for _, name := range []string{"mingfa.db", "keys", "play.jsonl"} {
		if _, err := os.Stat(filepath.Join(c.Data, name)); err == nil {
			return fmt.Errorf("%s is not empty: a stepped clock needs a fresh data directory", c.Data)
		}
	}
	return nil
}

func (p *playConfig) perform(ctx context.Context, s *theatre, a *demoAccess, questions []script.Question, midnight time.Time, logPath, looksPath string, errOut io.Writer) (script.Played, error) {
	file, err := os.Create(logPath)
	if err != nil {
		return script.Played{}, err
	}
	defer file.Close() //nolint:errcheck // Sync tells
	looks, err := os.Create(looksPath)
	if err != nil {
		return script.Played{}, err
	}
	defer looks.Close() //nolint:errcheck // Sync tells
	played, err := script.Play(ctx, script.Config{Base: s.base, Step: s, Questions: questions, Orders: p.orders, Seed: p.seed, Midnight: midnight,
		Until: midnight.Add(72*time.Hour + 30*time.Minute), Regions: demoRegions, Lawyers: a.accounts(who.DutyLawyer),
		Operators: a.accounts(who.Operations), Quality: a.accounts(who.Quality), Admins: a.accounts(who.Admin), Bureaus: a.accounts(who.Bureau),
		Log: file, Looks: looks, Progress: progress(errOut)})
	return played, errors.Join(err, file.Sync(), looks.Sync())
}

// collect asks the server, as an operator would, for the day's figures and
// report.
func (p *playConfig) collect(ctx context.Context, s *theatre, a *demoAccess, midnight time.Time) (path string, f serverFigures, err error) {
	c, err := script.SignIn(ctx, s.base, s, a.accounts(who.Operations)[0])
	if err != nil {
		return "", f, err
	}
	if err := c.Get(ctx, "/figures?date="+playDay, &f); err != nil {
		return "", f, err
	}
	report, err := c.Bytes(ctx, "/reports/"+playDay+".json")
	if err != nil {
		return "", f, err
	}
	path = filepath.Join(p.Data, "report-"+playDay+".json")
	return path, f, os.WriteFile(path, report, 0o600)
}

func countLog(path string) (recount.Figures, error) {
	file, err := os.Open(path)
	if err != nil {
		return recount.Figures{}, err
	}
	defer file.Close() //nolint:errcheck // read only
	return recount.Count(file)
}

// compareLooks makes what the program showed anew from the log.
func compareLooks(log, looks string) (r recount.Result, err error) {
	a, err := os.Open(log)
	if err != nil {
		return r, err
	}
	defer a.Close() //nolint:errcheck // read only
	b, err := os.Open(looks)
	if err != nil {
		return r, err
	}
	defer b.Close() //nolint:errcheck // read only
	if r, err = recount.Compare(a, b); err != nil {
		return r, fmt.Errorf("compare what was shown with the log: %w", err)
	}
	return r, nil
}

// check verifies what the play left behind.
func (p *playConfig) check(ctx context.Context) (facts int64, result string) {
	r, err := verifyData(ctx, p.config, journal.Audit{})
	if err != nil {
		return r.Facts, err.Error()
	}
	if n := r.Content[seal.Bad]; n > 0 {
		return r.Facts, fmt.Sprintf("%d contents are bad", n)
	}
	return r.Facts, "ok"
}

func (p *playConfig) print(o Outcome, out io.Writer) {
	if p.json {
		fmt.Fprintln(out, asJSON(o))
		return
	}
	fmt.Fprintf(out, "%d questions, %d answered, %d within 120 minutes, %d late, %d replies refused\n", o.Orders, o.Answered, o.AnsweredWithin120, o.Breaches, o.RefusedReplies)
	fmt.Fprintf(out, "%d rated: participation %s, satisfaction %s; %d not satisfied, %d of %d called back\n", o.Rated, o.Participation, o.Satisfaction, o.NonSatisfied, o.CallbacksDone, o.CallbacksDue)
	fmt.Fprintf(out, "%d figures in %d answers compared with the log, %d differ\n", o.Recount.Figures, o.Recount.Looks, len(o.Recount.Differences))
	fmt.Fprintf(out, "%d facts, verify %s, %.1f s; data in %s\n", o.Facts, o.Verify, o.WallSeconds, p.Data)
}

// progress draws a bar on a terminal, and nothing elsewhere.
func progress(w io.Writer) func(done, total int) {
	f, ok := w.(*os.File)
	if !ok {
		return nil
	}
	if st, err := f.Stat(); err != nil || st.Mode()&os.ModeCharDevice == 0 {
		return nil
	}
	const width = 40
	return func(done, total int) {
		n := width * done / total
		fmt.Fprintf(w, "\r[%-*s] %d/%d questions", width, "========================================"[:n], done, total)
		if done == total {
			fmt.Fprintln(w)
		}
	}
}
