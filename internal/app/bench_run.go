package app

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // makes and drops the benches' own databases

	"mingfa/internal/base/db"
	"mingfa/internal/base/id"
	"mingfa/internal/base/journal"
	"mingfa/internal/base/seal"
	"mingfa/internal/base/who"
)

// A bench measures one thing on a fresh database of its own and reports
// figures. What it is to reach stands in docs/performance.md. Each bench file
// registers its own.
var benches = map[string]func(ctx context.Context, b *Bench) error{}

func registerBench(name string, fn func(ctx context.Context, b *Bench) error) { benches[name] = fn }

// benchActor is who acts in a bench.
var benchActor = who.System("bench")

// benchSizes are how long and how much; tests of the benches make them small.
type benchSizes struct {
	Writers int           // that write at once
	Time    time.Duration // of each measured stretch
	Rows    int           // of versioned rows that verbs change
	Pending int           // due rows that wait
	Falling int           // due rows that fall due in one second
	Facts   int           // to verify

	Articles int // of laws to look up in
	LookUps  int // of each kind
	Orders   int // on the board
	Imported int // orders in the file to import

	Listed  int // orders to list, search and report
	Days    int // over which they are spread
	Pattern int // orders of the day that is copied
	Lawyers int // who answered them
	Repeats int // of each question
	Keep    string
	Only    string // which of the questions of lists, a regular expression
}

var benchFull = benchSizes{Writers: 64, Time: 5 * time.Second, Rows: 20_000, Pending: 100_000, Falling: 1_000, Facts: 1_000_000,
	Articles: 100_000, LookUps: 300, Orders: 1_000_000, Imported: 100_000,
	Listed: 1_000_000, Days: 730, Pattern: 250, Lawyers: 1_000, Repeats: 12}

// Bench is what a bench works with: everything fresh, thrown away afterwards.
type Bench struct {
	Name    string
	Size    benchSizes
	URL     string // of the database
	DB      *db.DB
	Dir     string // an empty directory
	Signer  *journal.Signer
	Keys    *seal.Keys
	Org     id.ID
	fsync   float64 // ms, p50 of fdatasync beside the database
	figures func(benchFigure)
}

// benchFigure is one line of the result.
type benchFigure struct {
	Bench  string  `json:"bench"`
	Figure string  `json:"figure"`
	Value  float64 `json:"value"`
	Unit   string  `json:"unit"`
	DB     string  `json:"db"`
	Sync   float64 `json:"fdatasync_p50_ms"`
}

// Report writes a figure.
func (b *Bench) Report(figure string, value float64, unit string) {
	b.figures(benchFigure{b.Name, figure, value, unit, b.DB.Name(), b.fsync})
}

// runBench runs the named benches (none: all): [NAME ...] [--db URL] [--json].
// With a PostgreSQL URL each bench makes a database beside that of the URL and
// drops it afterwards.
func runBench(ctx context.Context, args []string, stdout io.Writer) error {
	return runBenchSized(ctx, args, stdout, benchFull)
}

func runBenchSized(ctx context.Context, args []string, stdout io.Writer, size benchSizes) error {
	f := flag.NewFlagSet("bench", flag.ContinueOnError)
	f.SetOutput(stdout)
	dbURL := f.String("db", "", "postgres://... (default: SQLite in a temporary directory)")
	asJSON := f.Bool("json", false, "one JSON object a line")
	f.IntVar(&size.Listed, "orders", size.Listed, "orders that lists makes")
	f.IntVar(&size.Lawyers, "lawyers", size.Lawyers, "lawyers that lists makes")
	f.StringVar(&size.Keep, "keep", "", "directory in which lists keeps what it made; what is kept there is asked again (default: nothing is kept)")
	f.StringVar(&size.Only, "only", size.Only, "regular expression: lists asks only what it matches in its report, as '/exports' or 'figure=late' (default: all)")
	f.IntVar(&size.Pattern, "pattern", size.Pattern, "orders of the day that lists copies")
	var names []string
	for len(args) > 0 { // names and flags in any order
		if err := f.Parse(args); err != nil {
			return err
		}
		if args = f.Args(); len(args) > 0 {
			names, args = append(names, args[0]), args[1:]
		}
	}
	if len(names) == 0 {
		names = slices.Sorted(maps.Keys(benches))
	}
	for _, n := range names {
		if benches[n] == nil {
			return fmt.Errorf("there is no bench %q; there are %s", n, strings.Join(slices.Sorted(maps.Keys(benches)), ", "))
		}
	}
	if size.Keep != "" && !slices.Equal(names, []string{"lists"}) {
		return errors.New("--keep is for the bench lists alone")
	}
	registerBenchSaid()
	for _, n := range names {
		if err := oneBench(ctx, n, *dbURL, size, printFigure(stdout, *asJSON)); err != nil {
			return fmt.Errorf("bench %s: %w", n, err)
		}
	}
	return nil
}

func printFigure(w io.Writer, asJSON bool) func(benchFigure) {
	return func(f benchFigure) {
		if asJSON {
			json.NewEncoder(w).Encode(f) //nolint:errcheck // a broken pipe ends us soon enough
			return
		}
		fmt.Fprintf(w, "%-8s %-8s %-28s %12.2f %-6s  (fdatasync p50 %.2f ms)\n", f.Bench, f.DB, f.Figure, f.Value, f.Unit, f.Sync)
	}
}

// oneBench prepares the fresh house of one bench, runs it and clears it away.
func oneBench(ctx context.Context, name, dbURL string, size benchSizes, figures func(benchFigure)) (err error) {
	dir, clear, err := benchDir(size.Keep)
	if err != nil {
		return err
	}
	defer clear()
	b := &Bench{Name: name, Size: size, Dir: dir, Org: id.New(), figures: figures}
	disk, drop, err := b.place(ctx, dbURL)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, drop()) }()
	if b.fsync, err = syncP50(disk); err != nil {
		return err
	}
	log := slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))
	if b.DB, err = db.Open(ctx, b.URL, db.Options{Migrate: true, Log: log}); err != nil {
		return err
	}
	defer b.DB.Close()
	if b.Signer, err = journal.LoadSigner(filepath.Join(dir, "keys")); err != nil {
		return err
	}
	if b.Keys, err = seal.Open(ctx, seal.Config{Dir: filepath.Join(dir, "keys")}); err != nil {
		return err
	}
	defer b.Keys.Close()
	b.Report("fdatasync_p50", b.fsync, "ms")
	return benches[name](ctx, b)
}

// place finds a database: a file, or a database of its own on a server. disk is
// a directory on the disk that it writes to, as far as that can be known.
func (b *Bench) place(ctx context.Context, dbURL string) (disk string, drop func() error, err error) {
	if dbURL == "" {
		b.URL = "sqlite:" + filepath.Join(b.Dir, "mingfa.db")
		return b.Dir, func() error { return nil }, nil
	}
	u, err := url.Parse(dbURL)
	if err != nil || !strings.HasPrefix(u.Scheme, "postgres") {
		return "", nil, errors.New("--db takes the URL of a PostgreSQL server; SQLite is the default")
	}
	server, err := sql.Open("pgx", dbURL)
	if err != nil {
		return "", nil, errors.New("the PostgreSQL URL can't be read")
	}
	name, err := b.makeDatabase(ctx, server)
	if err != nil {
		server.Close() //nolint:errcheck // the first error tells more
		return "", nil, fmt.Errorf("make a database for the bench: %w", err)
	}
	if server.QueryRowContext(ctx, "SHOW data_directory").Scan(&disk) != nil || !writable(disk) {
		disk = b.Dir
	}
	u.Path = "/" + name
	b.URL = u.String()
	return disk, func() error {
		defer server.Close()
		if b.Size.Keep != "" {
			return nil
		}
		_, err := server.ExecContext(context.WithoutCancel(ctx), "DROP DATABASE "+name+" WITH (FORCE)")
		return err
	}, nil
}

// makeDatabase makes the bench's own database, unless it was kept.
func (b *Bench) makeDatabase(ctx context.Context, server *sql.DB) (string, error) {
	name := "mingfa_bench_" + strings.ReplaceAll(id.New().String(), "-", "")
	if b.Size.Keep != "" {
		kept, there, err := b.keptName(name)
		if err != nil || there {
			return kept, err
		}
	}
	_, err := server.ExecContext(ctx, "CREATE DATABASE "+name)
	return name, err
}

func writable(dir string) bool {
	f, err := os.CreateTemp(dir, "bench")
	if err != nil {
		return false
	}
	f.Close() //nolint:errcheck // nothing was written
	return os.Remove(f.Name()) == nil
}
