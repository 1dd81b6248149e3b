package app

import (
	"bytes"
	"context"
	"encoding/json"
	"strings"
	"testing"

	"mingfa/internal/base/db/dbtest"
)

// Every list of the API is asked for by bench lists: a new one can't be forgotten.
func TestBenchListsAsksForEveryList(t *testing.T) {
	document := []byte(`{"paths": {"/orders": {"get": {}}, "/complaints": {"post": {}}, "/new-list": {"get": {}}, "/me": {"get": {}}}}`)
	missing, err := unasked(document)
	if err != nil || len(missing) != 1 || missing[0] != "/new-list" {
		t.Errorf("%v, %v", missing, err)
	}
	for path := range listCalls {
		if notLists[path] != "" {
			t.Errorf("%s is a list, and is none", path)
		}
	}
}

// What bench lists makes in bulk is what the rooms write: verify holds for it, text
// by text and count by count, on both databases, and every list is answered.
func TestBenchListsIsTrue(t *testing.T) {
	small := benchSizes{Listed: 400, Days: 40, Pattern: 40, Lawyers: 5, Repeats: 1}
	for name, url := range map[string]func(*testing.T) string{"sqlite": func(*testing.T) string { return "" }, "postgres": dbtest.PostgresURL} {
		t.Run(name, func(t *testing.T) {
			var out bytes.Buffer
			args := []string{"lists", "--json"}
			if u := url(t); u != "" {
				args = append(args, "--db", u)
			}
			if err := runBenchSized(context.Background(), args, &out, small); err != nil {
				t.Fatal(err)
			}
			seen := map[string]float64{}
			for line := range strings.Lines(out.String()) {
				var f benchFigure
				if err := json.Unmarshal([]byte(line), &f); err != nil {
					t.Fatal(err)
				}
				seen[f.Figure] = f.Value
			}
			if seen["rows_of_consult_order"] < 400 {
				t.Errorf("%v orders", seen["rows_of_consult_order"])
			}
			if seen["facts_verified"] < 4000 || seen["texts_verified"] < 1500 {
				t.Errorf("%v facts and %v texts hold", seen["facts_verified"], seen["texts_verified"])
			}
			// the others come by chance in so small a pattern
			for _, table := range []string{"consult_order", "consult_answer", "consult_note", "complaint_case", "complaint_attempt", "quality_sample", "quality_check",
				"alarm_case", "notify_message", "board_order", "identity_person", "seal_text", "journal_fact"} {
				if seen["rows_of_"+table] == 0 {
					t.Errorf("no rows of %s", table)
				}
			}
		})
	}
}
