package recount

import (
	"regexp"
	"slices"
	"strings"
)

// kind is what a path of a look is.
type kind int

const (
	none    kind = iota
	word         // a name, a formula in words, a place: no figure
	unknown      // a number that no client can know
)

// Rule tells how a figure is computed again.
type Rule struct {
	Where string // board, load, rates, report, own, callbacks, complaints, users, lawyers, orders
	Key   string
	How   string // from the log; or why it is no figure; or why no client can know it
}

// others are paths that are not recounted, with the reason.
var others = []struct {
	where []string
	path  string // a regular expression of the whole path
	kind  kind
	why   string
}{
	{[]string{"board"}, `at|org\..*`, word, "when and for whom it was read"},
	{[]string{"board"}, `figures\[[a-z0-9_]+\]\.(code|group|name|unit|requirement|formula)`, word, "names and words"},
	{[]string{"board"}, `figures\[[a-z0-9_]+\]\.opens\[[a-z]+\]\.(what|path|query\..*)`, word, "names of a list; its count is recounted"},
	{[]string{"board"}, `figures\[[a-z0-9_]+\]\.(hours|days)\[.*\]\.at`, word, "the name of a point; which points there are is recounted"},
	{[]string{"report", "figures"}, `org\..*|formulas\..*|excluded\[[a-z]+\]\.reason`, word, "names and words"},
	{[]string{"report", "figures"}, `[a-z0-9_]+\.(指标|计算方法|依据)`, word, "names and words"},
	{[]string{"report", "figures"}, `leaf`, unknown, "the number of the program's facts, which it made of what clients sent: no client sees them all"},
	{[]string{"load"}, `items\[[0-9a-f-]+\]\.(id|name|nickname|firm|status|areas|regions|languages)(\[.*\])?`, word, "who he is and what he does; his status is counted on the board"},
	{[]string{"alarms", "running"}, `items\[.*\]\.id`, word, "its name; its cause and the time at which it was opened tell it apart"},
	{[]string{"list"}, `items\[[0-9a-f-]+\]\.(id|rev|last_at|region\.name|lawyer\.(name|firm|nickname))`, word, "names, versions"},
	{[]string{"list"}, `items\[[0-9a-f-]+\]\.(kind|channel|text|log|can|call_by|called_at|closed_at|received_at|result|order|staff|next|help|attachments)([.\[].*)?`, word, "of a complaint: its cells are compared in the register"},
	{[]string{"list"}, `items\[[0-9a-f-]+\]\.(drawn|due_at|month|problem|problem_type|sampled_at|state|result)(\..*)?`, word, "of an inspected order: what is counted of it is compared in the rates"},
	{[]string{"list"}, `items\[[0-9a-f-]+\]\.(name|nickname|firm|load|rating|areas|regions|languages)([.\[].*)?`, word, "of a lawyer: compared in his load"},
	{[]string{"clocks"}, `items\[[0-9a-f-]+\]\.(order\.id|lawyer\.(name|firm|nickname))`, word, "names"},
	{[]string{"exclusions"}, `items\[[0-9a-f-]+\]\.(id|rev|erased)`, word, "names, versions"},
	{[]string{"calls"}, `items\[[0-9a-f-]+\]\.(id|order\.id)`, word, "names"},
	{[]string{"interventions"}, `items\[[^\]]+\]\.(id|lawyer\..*)`, word, "names"},
	{[]string{"rates"}, `limits\..*`, word, "a setting, no figure"},
	{[]string{"rates"}, `items\[[0-9a-f-]+\]\.lawyer\..*`, word, "who he is"},
	{[]string{"draws"}, `items\[[^\]]+\]\.(leaf|seed)`, unknown, "made of the signed log when it was drawn, which no client sees whole; the orders are drawn again by the seed that is shown"},
	{[]string{"hand_draws"}, `items\[[0-9a-f-]+\]\.leaf`, unknown, "the number of the program's facts"},
	{[]string{"hand_draws"}, `items\[[0-9a-f-]+\]\.(id|within)`, word, "names"},
	{[]string{"samples", "results"}, `items\[[0-9a-f-]+\]\.(id|lawyer\.(name|firm|nickname))`, word, "names"},
	{[]string{"sample"}, `id|lawyer\.(name|firm|nickname)|reply\.(region|language|erased)`, word, "names"},
	{[]string{"sample"}, `(items|hints|can)\[.*|reply\.(opening|disclaimer|closing|basis_known.*|answer\..*)`, word, "what he works by, and the uniform texts"},
	{[]string{"sample"}, `reply\.(messages|question_attachments|answer_attachments)\[.*`, word, "what happened to it is its history"},
	{[]string{"order"}, `id|rev|region\.name|lawyer\.(name|firm)|callback\.id|.*\.erased`, word, "names, versions"},
	{[]string{"order"}, `match_reason|can\[.*|next\..*|answer\.(opening|disclaimer|closing|template_versions\..*|basis\[.*\]\.checked)`, word, "words, and the uniform texts"},
	{[]string{"order"}, `messages\[.*\]\.id|(.*\.)?attachments\[.*\]\.(width|height)`, word, "a name; of a picture's file"},
	{[]string{"history"}, `items\[[0-9]+\]\.leaf`, unknown, "the number of the program's facts"},
	{[]string{"history"}, `系统发出通知|短信已发送`, unknown, "lines of messages to somebody: his inbox and his telephone have them"},
	{[]string{"imports", "import"}, `(items\[[0-9a-f-]+\]\.)?(id|rev)`, word, "names, versions"},
	{[]string{"import"}, `problems\[[0-9]+\]\.(name|text)`, word, "names and words"},
	{[]string{"archive"}, `items\[.*\]\.id`, word, "its name; its file and its title tell it apart"},
	{[]string{"archived"}, `id|values\[[0-9]+\]\.(code|name)`, word, "names"},
	{[]string{"lawyers"}, `.*\.20213`, unknown, "when he was entered into the register: before the play began"},
}

var patterns = func() (out []*regexp.Regexp) {
	for _, x := range others {
		out = append(out, regexp.MustCompile("^(?:"+x.path+")$"))
	}
	return out
}()

// ruleFor tells what a path is that the recount did not make.
func ruleFor(where, path string) kind {
	for i, x := range others {
		if slices.Contains(x.where, where) && patterns[i].MatchString(path) {
			return x.kind
		}
	}
	return none
}

// keyOf is the rule in Table that a compared path goes by.
func keyOf(where, path string) (string, string) {
	name, rest, _ := strings.Cut(path, ".")
	code, _, listed := strings.Cut(strings.TrimSuffix(name, "]"), "[")
	switch where {
	case "board":
		if listed {
			return where, strings.TrimSuffix(name[len("figures["):], "]")
		}
	case "report", "figures":
		where = "report"
		switch {
		case code == "excluded" && listed:
			return where, "excluded_" + strings.TrimSuffix(name[len("excluded["):], "]")
		case name == "answer_minutes":
			return where, name + "_" + rest
		}
		return where, code
	case "load", "rates":
		part, rest, deeper := strings.Cut(rest, ".")
		if !deeper {
			return where, part
		}
		rest, _, _ = strings.Cut(rest, ".")
		return where, part + "." + rest
	case "order":
		return where, code
	case "alarms", "running", "list", "clocks", "exclusions", "calls", "interventions", "draws", "hand_draws", "samples", "results", "sample", "history", "imports", "import", "archive", "archived":
		if i := strings.LastIndex(path, "]."); i >= 0 {
			name, _, _ = strings.Cut(path[i+2:], ".")
			return where, name
		}
		name, _, _ = strings.Cut(strings.TrimPrefix(path, "reply."), ".")
		return where, name
	case "own":
		if name == "today" || name == "days" {
			name, _, _ = strings.Cut(rest, ".")
		}
	case "lawyers": // 20209.labour is 20209, of one field
		if rest, _, _ = strings.Cut(rest, "."); rest != "" {
			return where, rest
		}
	case "callbacks", "complaints", "users", "orders":
		if rest != "" {
			return where, rest
		}
	}
	return where, name
}

// Figure tells whether the rule is of something that is compared.
func (r Rule) Figure() bool {
	return !strings.HasPrefix(r.How, noFigure) && !strings.HasPrefix(r.How, notKnown)
}

const (
	noFigure = "no figure: "
	notKnown = "not known to clients: "
)

// Table is all rules: how each figure of each place is computed again, and what is
// not, with the reason.
func Table() (out []Rule) {
	add := func(where, key, how string) { out = append(out, Rule{where, key, how}) }
	for _, f := range boardFigures {
		add("board", f.code, f.how)
	}
	for _, x := range [][2]string{
		{"oldest_waiting", "whole minutes since the oldest question that waits"}, {"connect_rate", "messages have no connection: n/a"},
		{"complaints_received", "acknowledged today, or taken down for today"}, {"complaints_open", "no close was acknowledged"},
		{"complaints_overdue", "of them not called, and the next working day has ended"}, {"complaints_sensitive", "of them with a sensitive word or flagged by hand"},
		{"fatal_error_rate", "drawn orders of the month whose standing card marks a fatal item, of those with an undisputed card"},
		{"non_fatal_error_rate", "the same with another item"}, {"lawyers_online", "lawyers of the office by what they said of themselves last"},
		{"lawyers_busy", "the same"}, {"lawyers_away", "the same"}, {"date", "the day of the look in China"}, {"zone", "Asia/Shanghai"}, {"behind", "0: a look comes after all that is due"}} {
		add("board", x[0], x[1])
	}
	for _, r := range reportRates {
		add("report", r.code, r.how)
	}
	for _, c := range reportCounts {
		add("report", c.code, c.how)
	}
	for _, m := range reportTimes {
		add("report", m.code, m.how)
	}
	for _, x := range [][2]string{{"missed", "rates beside their targets, unrounded"}, {"thresholds", "Table 1 of the standard"}, {"date", "the day that was asked for"}, {"live", "false for a stored report"}} {
		add("report", x[0], x[1])
	}
	for _, x := range [][2]string{{"since", "the first day of the period"}, {"until", "the last"}, {"answered", "orders of which his answer was acknowledged in the period"},
		{"in_time", "within 120:00.000 of the question"}, {"late", "the others"}, {"timely_answer_rate", "in time of answered"}, {"rated", "of them rated"},
		{"participation", "rated of answered"}, {"satisfied", "the two best levels"}, {"satisfaction", "satisfied of rated"}, {"non_satisfied", "the other three"},
		{"callbacks_done", "reached, or the third call in vain"}, {"callback_rate", "in time of not satisfied"},
		{"refused", "replies refused with 422, one a minute and order, of orders that he has"}, {"elsewhere", "answered by him, and their citizens were told of another lawyer since"},
		{"median_minutes", "from question to answer"}, {"quality", "cards of the period on his orders, drawn and added"}, {"thresholds", "Table 1 of the standard"}} {
		add("own", x[0], x[1])
	}
	for _, x := range [][2]string{{"load", "unanswered, and its citizen was told last that he has it"}, {"rating.rated", "ratings of his orders"},
		{"rating.satisfied", "the two best levels"}, {"rating.points", "5 for the best level to 1"}} {
		add("load", x[0], x[1])
	}
	for where, fields := range listFields {
		for _, x := range fields {
			add(where, x[0], x[1])
		}
	}
	rows := func(how string) [][2]string { return [][2]string{{"rows", how}} }
	for where, groups := range map[string][][][2]string{"draws": {drawFields["draws"]}, "hand_draws": {drawFields["hand_draws"]},
		"samples": {rows("orders of the month that inspectors were told of"), sampleFields}, "results": {rows("of them the lawyer's own that have a card"), sampleFields}, "sample": {sampleFields, cardFields},
		"order": {orderFields}, "history": {historyFields}, "imports": {importFields}, "import": {importFields, problemFields},
		"archive": {rows("of files of orders that were run"), archiveFields}, "archived": {archiveFields, {{"value", "as it was sent, element by element"}}}} {
		for _, fields := range groups {
			for _, x := range fields {
				add(where, x[0], x[1])
			}
		}
	}
	add("rates", "population", "answers of the month before the last draw, less those that were excluded then; a twentieth of them is drawn at least")
	for _, where := range []string{"alarms", "running"} {
		for _, x := range alarmFields {
			if where == "running" && (x[0] == "resolved_at" || x[0] == "result") {
				continue
			}
			add(where, x[0], x[1])
		}
	}
	add("rates", "lawyer_id", "of each with an order that inspectors were told of")
	for _, group := range []string{"drawn", "added"} {
		for _, x := range [][2]string{{"sampled", "orders of the month that inspectors were told of, drawn and added apart"}, {"inspected", "of them with an undisputed card"},
			{"disputed", "with a disputed one"}, {"fatal", "whose standing card marks a fatal item, of the inspected"}, {"minor", "the same with another item"}} {
			add("rates", group+"."+x[0], x[1])
		}
	}
	for _, c := range append([]string{"rows", "条数"}, callColumns...) {
		add("callbacks", c, "as it was sent, or the time at which it was acknowledged")
	}
	for _, c := range append([]string{"rows", "条数"}, complaintColumns...) {
		add("complaints", c, "as it was sent, or the time at which it was acknowledged")
	}
	for where, codes := range map[string]string{"users": "rows 20101 20102 20104 20105 20106 20107",
		"lawyers": "rows 20202 20203 20204 20205 20206 20207 20208 20209 20210 20211 20212 20301 20302 20303 20304 20305 20306 20307 20401 20402 20403",
		"orders":  "rows 20501 20502 20503 20504 20505 20506 20507 20509 20510 20511 20512 20513 20514 20515 flags"} {
		for code := range strings.FieldsSeq(codes) {
			add(where, code, "as it was sent, or follows from what was acknowledged")
		}
		add(where, ids[where], "by it the row is found; a row too few or too many is a difference")
	}
	for _, x := range others {
		for _, where := range x.where {
			add(where, x.path, map[kind]string{word: noFigure, unknown: notKnown}[x.kind]+x.why)
		}
	}
	slices.SortFunc(out, func(a, b Rule) int { return strings.Compare(a.Where+" "+a.Key, b.Where+" "+b.Key) })
	return out
}
