package recount

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write docs/recount.md anew")

const tableHead = `# Every figure, counted again

Made of the rules of ` + "`internal/play/recount`" + ` (` + "`go test ./internal/play/recount -update`" + `). A play of a day
(` + "`mingfa play`" + `, ` + "`make accept`" + `) makes each figure that the program shows anew from its clients' log of what
was sent and acknowledged; a number that is not here fails the comparison.

| where | figure | how the log gives it |
|---|---|---|
`

// docs/recount.md is what Table says.
func TestTableInDocs(t *testing.T) {
	const path = "../../../docs/recount.md"
	var b strings.Builder
	b.WriteString(tableHead)
	for _, r := range Table() {
		fmt.Fprintf(&b, "| %s | `%s` | %s |\n", r.Where, strings.ReplaceAll(r.Key, "|", `\|`), r.How)
	}
	if *update {
		if err := os.WriteFile(path, []byte(b.String()), 0o644); err != nil { //nolint:gosec // a document
			t.Fatal(err)
		}
	}
	if got, err := os.ReadFile(path); err != nil || string(got) != b.String() {
		t.Errorf("docs/recount.md is not what the rules say (-update writes it): %v", err)
	}
}
