package script

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"strings"
	"time"
)

// Statute is a law and an article that answer a question.
type Statute struct {
	Law     string `json:"law"`
	Article string `json:"article"`
	Text    string `json:"text"`
}

// Question is one row of the input. Only the question itself is needed.
type Question struct {
	ID       string    `json:"id"`
	Question string    `json:"question"`
	Answers  []string  `json:"answers"`
	Category string    `json:"category"`
	Statutes []Statute `json:"statutes"`
}

// maxLine bounds a row of the input.
const maxLine = 4 << 20

// ReadQuestions reads JSON lines, gzipped if the name ends in .gz. A row that
// can't be used is an error that names its line.
func ReadQuestions(path string) ([]Question, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("open the questions: %w", err)
	}
	defer f.Close() //nolint:errcheck // read only
	var r io.Reader = f
	if strings.HasSuffix(path, ".gz") {
		z, err := gzip.NewReader(f)
		if err != nil {
			return nil, fmt.Errorf("%s is not gzipped: %w", path, err)
		}
		r = z
	}
	return ParseQuestions(r)
}

// ParseQuestions reads JSON lines.
func ParseQuestions(r io.Reader) ([]Question, error) {
	sc := bufio.NewScanner(r)
	sc.Buffer(make([]byte, 64<<10), maxLine)
	var out []Question
	for line := 1; sc.Scan(); line++ {
		if len(strings.TrimSpace(sc.Text())) == 0 {
			continue
		}
		var q Question
		if err := json.Unmarshal(sc.Bytes(), &q); err != nil {
			return nil, fmt.Errorf("line %d of the questions is not a JSON object of the expected kind", line)
		}
		if strings.TrimSpace(q.Question) == "" {
			return nil, fmt.Errorf("line %d has no question", line)
		}
		out = append(out, q)
	}
	if err := sc.Err(); err != nil {
		return nil, fmt.Errorf("read the questions: %w", err)
	}
	if len(out) == 0 {
		return nil, errors.New("the file has no questions")
	}
	return out, nil
}

// Fault is what is planted in an order.
type Fault string

// The planted faults.
const (
	Clean    Fault = ""
	Short    Fault = "short"    // the first reply has too few characters of his own
	Baseless Fault = "baseless" // the first reply has no legal basis and no reason for it
	Late     Fault = "late"     // answered after the 120 minutes
	Never    Fault = "never"    // the first lawyer never answers; the next one does
)

// Course is what happens to one order, decided before the day begins.
type Course struct {
	N          int
	Question   Question
	Order      string // client-made ID
	Region     string
	Language   string
	AskAt      time.Time
	AnswerIn   time.Duration
	Planted    Fault
	ReadIn     time.Duration // after the answer
	Rates      bool
	RateIn     time.Duration // after reading
	Level      string
	AsksBack   bool
	NotReached int  // call-back attempts before he is reached; 3 means never
	Legal      bool // a legal question remains

	// What only a play that is not plain has (enrich).
	Files        []string      // sent with the question: "png" or "pdf"
	AnswerFiles  []string      // with the answer
	MessageFiles []string      // with what he asks back
	Passes       bool          // the first lawyer passes it on instead of answering
	PassesBack   bool          // he who answered passes it on when the citizen asks back
	Excluded     string        // why it is taken out of the figures: test, spam, duplicate
	ExcludeIn    time.Duration // after the question
	TakenBack    time.Duration // after the exclusion; zero: it stays out
	Extra        bool          // beside the asked-for number of orders: it stays excluded
	LateCall     bool          // he is called back after his day
	LateLawyer   bool          // the lawyer calls after his hour
	Grieves      *Grievance    // a complaint or suggestion about it
}

// Levels of rating, best first (T7).
var levels = []string{"very_satisfied", "satisfied", "general", "dissatisfied", "very_dissatisfied"}

var languages = []string{"zh-Hans", "zh-Hans", "zh-Hans", "zh-Hans", "zh-Hant-HK", "en"}

// courses decides the day of n orders.
func courses(rng *rand.Rand, questions []Question, n int, midnight time.Time, regions []string) []Course {
	out := make([]Course, n)
	for i := range out {
		c := &out[i]
		c.N, c.Question = i, questions[i%len(questions)]
		c.Order = clientID(rng, midnight)
		c.Region = regions[rng.IntN(len(regions))]
		c.Language = languages[rng.IntN(len(languages))]
		c.AskAt = midnight.Add(askTime(rng))
		c.AnswerIn = time.Duration(math.Min(80, math.Max(2, math.Exp(2.9+0.8*rng.NormFloat64())))*60_000) * time.Millisecond
		c.plant(rng, i)
		c.ReadIn = time.Duration(1+rng.IntN(90)) * time.Minute
		c.Rates = rng.Float64() < 0.62
		c.RateIn = time.Duration(1+rng.IntN(10)) * time.Minute
		c.Level = level(rng)
		c.AsksBack = rng.Float64() < 0.06
		c.NotReached = []int{0, 0, 0, 0, 1, 2, 3}[rng.IntN(7)]
		c.Legal = rng.Float64() < 0.4
	}
	return out
}

// plant puts a fault into about one order in twenty, and the first of each kind
// early, so that small plays have them too.
func (c *Course) plant(rng *rand.Rand, i int) {
	early := map[int]Fault{1: Short, 2: Baseless, 3: Late, 4: Never}
	if f, ok := early[i]; ok {
		c.Planted = f
	} else if p := rng.Float64(); p < 0.02 {
		c.Planted = Short
	} else if p < 0.035 {
		c.Planted = Baseless
	} else if p < 0.045 {
		c.Planted = Late
	} else if p < 0.055 {
		c.Planted = Never
	}
	switch c.Planted {
	case Late:
		c.AnswerIn = 121*time.Minute + time.Duration(rng.IntN(40))*time.Minute
	case Never:
		c.AnswerIn = 95*time.Minute + time.Duration(rng.IntN(20))*time.Minute
	}
}

// askTime is when in the day somebody asks: more by day, some at night.
func askTime(rng *rand.Rand) time.Duration {
	if rng.Float64() < 0.15 {
		return time.Duration(rng.Int64N(int64(24*time.Hour-2*time.Minute))) + time.Minute
	}
	h := 8 + 12*rng.Float64()
	return time.Duration(h * float64(time.Hour)).Round(time.Millisecond)
}

func level(rng *rand.Rand) string {
	p := rng.Float64()
	for i, share := range []float64{0.63, 0.96, 0.98, 0.993} {
		if p < share {
			return levels[i]
		}
	}
	return levels[4]
}

// clientID is a UUID of version 7 for the day, from the seed.
func clientID(rng *rand.Rand, day time.Time) string {
	ms := uint64(day.UnixMilli())
	a, b := rng.Uint64(), rng.Uint64()
	return fmt.Sprintf("%08x-%04x-7%03x-%04x-%012x", ms>>16, ms&0xffff, a&0xfff, 0x8000|(b>>50), a>>12&0xffffffffffff)
}
