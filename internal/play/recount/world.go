package recount

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
)

// entry is a line of the log.
type entry struct {
	At     time.Time       `json:"at"`
	Who    string          `json:"who"`
	Act    string          `json:"act"`
	Order  string          `json:"order"`
	Status int             `json:"status"`
	Fields []string        `json:"fields"`
	Level  string          `json:"level"`
	Of     string          `json:"of"`
	Sent   json.RawMessage `json:"sent"`
	Told   json.RawMessage `json:"told"`
}

// sent are the names of all that is sent that the recount needs.
type sent struct {
	N        int    `json:"n"` // of a look
	What     string `json:"what"`
	Region   string `json:"region"`
	Phone    string `json:"phone"`
	Question string `json:"question"`
	Problem  string `json:"problem_type"`
	Source   string `json:"source"`
	Contact  struct {
		Name string `json:"name"`
	} `json:"contact"`
	Reason   string            `json:"reason"`
	Reached  bool              `json:"reached"`
	Note     string            `json:"note"`
	Category string            `json:"reason_category"`
	Details  string            `json:"details"`
	Feedback string            `json:"feedback"`
	Legal    bool              `json:"legal_question"`
	Broken   bool              `json:"service_violation"`
	Summary  string            `json:"summary"`
	Status   string            `json:"status"`
	Kind     string            `json:"kind"`
	Text     string            `json:"text"`
	Name     string            `json:"name"`
	Channel  string            `json:"channel"`
	Received time.Time         `json:"received_at"`
	Flag     string            `json:"category"`
	Measure  string            `json:"measure"`
	Result   string            `json:"result"`
	Number   string            `json:"number"`
	Date     string            `json:"date"`
	Office   string            `json:"authority"`
	Marks    []mark            `json:"marks"`
	Words    string            `json:"words"`
	Values   map[string]string `json:"values"`

	ID          string `json:"id"`
	Comment     string `json:"comment"`
	Judgement   string `json:"judgement"`
	Attachments []struct {
		ID   string `json:"id"`
		Name string `json:"name"`
	} `json:"attachments"`
	Bytes    int64    `json:"bytes"` // of a file
	Language string   `json:"language"`
	NoBasis  string   `json:"no_basis_reason"`
	Advice   []string `json:"advice"`
	Basis    []struct {
		Law     string `json:"law"`
		Article string `json:"article"`
	} `json:"basis"`
	Lawyer  string `json:"lawyer"` // of a draw by hand
	From    string `json:"from"`
	To      string `json:"to"`
	Percent int    `json:"percent"`
	Seed    string `json:"seed"`
	Table   string `json:"table"` // of an import
	Format  string `json:"format"`
}

// mark is an item that an inspector found wrong.
type mark struct {
	Item string `json:"item"`
	Note string `json:"note"`
}

// told are the names of all that was acknowledged.
type told struct {
	Number string `json:"number"`
	State  string `json:"state"`
	Month  string `json:"month"`
	Drawn  bool   `json:"drawn"`
	Lawyer *struct {
		ID string `json:"id"`
	} `json:"lawyer"`
	Person struct {
		ID    string   `json:"id"`
		Name  string   `json:"name"`
		Roles []string `json:"roles"`
		Org   struct {
			Name string `json:"name"`
		} `json:"org"`
	} `json:"person"`
	Import  string    `json:"import"` // of an order that was brought in
	Title   string    `json:"title"`
	Kind    string    `json:"kind"`      // of a warning
	Opened  time.Time `json:"opened_at"` // or of an intervention
	Sampled time.Time `json:"sampled_at"`
	Opens   struct {
		ID string `json:"id"`
	} `json:"opens"`
	Items []struct { // problem types, or lawyers of the register
		Code     string   `json:"code"`
		Name     string   `json:"name"`
		ID       string   `json:"id"`
		Nickname string   `json:"nickname"`
		Firm     string   `json:"firm"`
		Areas    []string `json:"areas"`
		Regions  []string `json:"regions"`
	} `json:"items"`
}

// call is one telephone call.
type call struct {
	at      time.Time
	reached bool
	note    string
}

// callback is the call-back of a rating below satisfied.
type callback struct {
	opened, due     time.Time
	calls           []call
	reached, called time.Time // the first call that reached him; that, or the third in vain
	result          sent
	recorded        time.Time
	recordedBy      string
	legal           bool
	lawyerDue       time.Time
	lawyerAt        time.Time
	lawyer, summary string
	closed          time.Time
	closedBy        string
}

// order is one consultation as its clients know it.
type order struct {
	id, number, citizen string
	asked               time.Time
	sent                sent
	state, lawyer       string // as its citizen was told last
	answered            time.Time
	answerer            string
	waits               time.Time // since when somebody owes him an answer or a reply; zero: nobody
	replyOwed           bool      // the last word after the answer is his
	refused             []refusal
	level               string
	rated               time.Time
	call                *callback
	excluded            string
	closed              bool
	clocked             time.Time // when its clock began last
	out                 exclusion // the last
	left                []span    // when it did not count, by time
	reply               sent      // the answer
	comment             string    // of the rating
	steps               []step    // what happened to it
	files, clocks       int
	late                int       // how many steps there were when its clock passed it on; 0: it did not
	passed              bool      // by its lawyer, and nobody was told to whom
	back                time.Time // when it counted again
	read, ended         time.Time // by its citizen; when it was closed
	talk                []spoken  // after the answer
	handed              []handover
}

// span is a time from an instant to another; to is zero while it lasts.
type span struct{ from, to time.Time }

// countedAt tells whether an order counted at an instant.
func (o *order) countedAt(t time.Time) bool {
	return !slices.ContainsFunc(o.left, func(s span) bool { return !s.from.After(t) && (s.to.IsZero() || s.to.After(t)) })
}

// exclusion is who took an order out of the figures.
type exclusion struct {
	at        time.Time
	who, note string
}

// refusal is a reply that did not keep the rules.
type refusal struct {
	at  time.Time
	who string
}

// complaint is a complaint or suggestion.
type complaint struct {
	id, number, order string
	sent              sent
	hotline           bool
	made              time.Time
	received, due     time.Time
	calls             []call
	counted           int
	countedAt         time.Time
	reached, called   time.Time
	entry             sent
	recorded          time.Time
	recordedBy        string
	flag              string
	flagged, acked    time.Time
	filing            sent
	closed            time.Time
	closedBy          string
	citizen           string
}

// sample is an inspected order.
type sample struct {
	order, lawyer, month string
	drawn, void          bool // void: it can't be inspected
	state                string
	fatal, minor         bool
	first                string    // the marks of the first card
	at                   time.Time // when it was drawn or added
	card                 time.Time
	due                  time.Time // when its lawyer must have disputed, or a further check must have happened
	rev                  int64
	cards                []card
	words, reason        string // of the dispute; of who added it
}

// person is who signed in.
type person struct {
	id, name, region, phone string
	status                  string // of a lawyer
	values                  map[string]string
	nickname, firm          string
	areas, regions, roles   []string
}

// world is all that the log tells, up to a line of it.
type world struct {
	orders     map[string]*order
	complaints map[string]*complaint
	samples    map[string]*sample
	people     map[string]*person // by the name in the log
	byID       map[string]string  // person's ID -> name in the log
	offices    map[string]bool    // regions with an office
	orgs       map[string]string  // their names; "" is the operator
	types      map[string]string  // problem types -> their names

	now     time.Time
	timers  timers
	planned int
	waiting map[string]*order    // whom nobody has
	touched map[string]string    // offices to look at when what happens now has happened
	judged  map[string]time.Time // when an office's satisfaction is looked at next
	alarms  []*alarm
	named   map[string]*alarm // by ID
	cases   []*intervention
	came    time.Time // when a lawyer came last

	handDraws []*handDraw
	imports   []*brought
	bytes     map[string]int64  // of files that were uploaded
	archives  map[string]string // orders that were brought in: ID -> the file and the title
	added     map[string]string // orders that inspectors added, and why
}

func newWorld() *world {
	return &world{orders: map[string]*order{}, complaints: map[string]*complaint{}, samples: map[string]*sample{}, people: map[string]*person{},
		byID: map[string]string{}, offices: map[string]bool{}, orgs: map[string]string{}, types: map[string]string{},
		waiting: map[string]*order{}, touched: map[string]string{}, judged: map[string]time.Time{}, named: map[string]*alarm{},
		bytes: map[string]int64{}, archives: map[string]string{}, added: map[string]string{}}
}

// china is the zone of all that is played.
var china = time.FixedZone("CST", 8*60*60)

// readLog reads all lines. One that can't be read is an error: a log with holes
// proves nothing.
func readLog(r io.Reader) (out []entry, err error) {
	sc := bufio.NewScanner(r)
	sc.Buffer(nil, 4<<20)
	for line := 1; sc.Scan(); line++ {
		var e entry
		if err := json.Unmarshal(sc.Bytes(), &e); err != nil {
			return nil, fmt.Errorf("line %d of the log: %w", line, err)
		}
		out = append(out, e)
	}
	return out, sc.Err()
}

// take adds a line.
func (w *world) take(e entry) error {
	var s sent
	var t told
	if len(e.Sent) > 0 {
		if err := json.Unmarshal(e.Sent, &s); err != nil {
			return fmt.Errorf("what was sent at %s: %w", e.At, err)
		}
	}
	if len(e.Told) > 0 {
		if err := json.Unmarshal(e.Told, &t); err != nil {
			return fmt.Errorf("what was told at %s: %w", e.At, err)
		}
	}
	w.pass(e.At)
	ok := e.Status/100 == 2
	if e.Act == "answer" && e.Status == 422 {
		if o := w.orders[e.Order]; o != nil {
			o.note(e.At, "lawyer", "一次答复因不合规则被退回")
			o.refused = append(o.refused, refusal{e.At, e.Who})
		}
	}
	if !ok {
		return nil
	}
	switch {
	case w.takePerson(e, s, t):
	case e.Act == "look":
		w.settle()
	case strings.HasPrefix(e.Act, "warning"):
		w.takeAlarm(e, s, t)
	case strings.HasPrefix(e.Act, "case"):
		w.takeCase(e, s, t)
	case strings.HasPrefix(e.Act, "complaint_") || e.Act == "complain" || e.Act == "take_down":
		w.takeComplaint(e, s, t)
	case e.Act == "sample" || e.Act == "check" || e.Act == "dispute":
		w.takeSample(e, s, t)
	case e.Act == "upload": // before what it is sent with
		w.bytes[e.Of] = s.Bytes
	case e.Act == "add_sample":
		w.added[e.Order] = s.Reason
	case e.Act == "hand_draw":
		w.takeHandDraw(e, s)
	case strings.HasPrefix(e.Act, "import"):
		w.takeImport(e, s)
	case e.Act == "archived":
		w.archives[e.Of] = t.Import + " " + t.Title
	default:
		w.takeOrder(e, s, t)
	}
	return nil
}

// takePerson takes who signed in, what he is, and what he told of himself.
func (w *world) takePerson(e entry, s sent, t told) bool {
	p := w.people[e.Who]
	switch e.Act {
	case "sign_in":
		if p == nil {
			p = &person{values: map[string]string{}}
			w.people[e.Who] = p
		}
		p.id, p.name, p.roles, p.phone, p.region = t.Person.ID, t.Person.Name, t.Person.Roles, s.Phone, s.Region
		w.byID[p.id] = e.Who
		if s.Region != "" {
			w.offices[s.Region] = true
		}
		if len(p.roles) > 0 {
			w.orgs[s.Region] = t.Person.Org.Name
		}
	case "status":
		if p != nil {
			p.status = s.Status
			if s.Status == "online" {
				w.came = e.At
			}
			w.duty()
		}
	case "describe":
		for code, v := range s.Values {
			if p != nil {
				p.values[code] = v
			}
		}
	case "problem_types":
		for _, x := range t.Items {
			w.types[x.Code] = x.Name
		}
	case "lawyers":
		for _, x := range t.Items {
			if l := w.people[w.byID[x.ID]]; l != nil {
				l.nickname, l.firm, l.areas, l.regions = x.Nickname, x.Firm, x.Areas, x.Regions
			}
		}
	default:
		return false
	}
	return true
}

// nextWorkdayEnd is the last millisecond of the first working day after a moment
// (T2). No holiday falls into the days that are played.
func nextWorkdayEnd(t time.Time) time.Time {
	t = t.In(china)
	day := time.Date(t.Year(), t.Month(), t.Day()+1, 0, 0, 0, 0, china)
	for day.Weekday() == time.Saturday || day.Weekday() == time.Sunday {
		day = day.AddDate(0, 0, 1)
	}
	return day.AddDate(0, 0, 1).Add(-time.Millisecond)
}
