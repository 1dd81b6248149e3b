package app

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"runtime/pprof"
	"strings"
	"testing"
	"time"

	"mingfa/internal/base/db/dbtest"
)

// The benches run, small, on both databases, and report what issue 2 names.
func TestBenches(t *testing.T) {
	small := benchSizes{Writers: 8, Time: 200 * time.Millisecond, Rows: 100, Pending: 200, Falling: 50, Facts: 1234, Articles: 500, LookUps: 5, Orders: 1_000, Imported: 500}
	for name, url := range map[string]func(*testing.T) string{"sqlite": func(*testing.T) string { return "" }, "postgres": dbtest.PostgresURL} {
		t.Run(name, func(t *testing.T) {
			var out bytes.Buffer
			args := []string{"journal", "--json", "due", "verify", "statutes", "board"}
			if u := url(t); u != "" {
				args = append(args, "--db", u)
			}
			if err := runBenchSized(context.Background(), args, &out, small); err != nil {
				t.Fatal(err)
			}
			seen := map[string]benchFigure{}
			for line := range strings.Lines(out.String()) {
				var f benchFigure
				if err := json.Unmarshal([]byte(line), &f); err != nil || f.DB != name {
					t.Errorf("%s: %v", line, err)
				}
				seen[f.Bench+" "+f.Figure] = f
			}
			for _, want := range []string{"journal facts_per_second", "journal verbs_p99", "journal sealed_verbs_max", "due lateness_p99", "verify verify", "verify proof", "statutes 1_character_p95", "statutes article_p95", "board board_p95"} {
				if seen[want].Value <= 0 {
					t.Errorf("%s: %+v", want, seen[want])
				}
			}
			if seen["verify proof"].Value > 4<<10 {
				t.Errorf("a proof has %v bytes", seen["verify proof"].Value)
			}
		})
	}
}

func TestBenchRefuses(t *testing.T) {
	for _, args := range [][]string{{"nonsense"}, {"--nonsense"}, {"due", "--db", "mysql://x"}} {
		if err := runBench(context.Background(), args, new(bytes.Buffer)); err == nil {
			t.Errorf("%v was run", args)
		}
	}
}

// TestBenchFull runs the real thing: BENCH="journal due" [BENCH_DB=postgres] [BENCH_PROFILE=file].
func TestBenchFull(t *testing.T) {
	names := strings.Fields(os.Getenv("BENCH"))
	if len(names) == 0 {
		t.Skip("set BENCH to the names of the benches")
	}
	if os.Getenv("BENCH_DB") == "postgres" {
		names = append(names, "--db", dbtest.PostgresURL(t))
	}
	if p := os.Getenv("BENCH_PROFILE"); p != "" {
		f, err := os.Create(p)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		if err := pprof.StartCPUProfile(f); err != nil {
			t.Fatal(err)
		}
		defer pprof.StopCPUProfile()
	}
	if err := runBench(context.Background(), names, os.Stdout); err != nil {
		t.Fatal(err)
	}
}
