package quality

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"mingfa/internal/base/id"
	"mingfa/internal/public/consult"
)

// population makes n orders; the first bad of them are rated below satisfied.
func population(n, bad int) (list []Candidate) {
	problems := []string{"labour", "debt", "marriage_family"}
	for i := range n {
		c := Candidate{Order: derived("test", id.ID{byte(i), byte(i >> 8)}), Problem: problems[i%3]}
		switch {
		case i < bad:
			c.Rated = consult.Ratings[2+i%3]
		case i%2 == 0:
			c.Rated = consult.Satisfied
		}
		list = append(list, c)
	}
	return list
}

// req: B7.2.4a
func TestShare(t *testing.T) {
	for _, c := range []struct{ n, bad, percent, want int }{
		{0, 0, 5, 0}, {1, 0, 5, 1}, {19, 0, 5, 1}, {20, 0, 5, 1}, {21, 0, 5, 2}, {40, 0, 5, 2}, {41, 0, 5, 3}, {1000, 0, 5, 50}, {1001, 0, 5, 51},
		{1, 1, 5, 1}, {20, 1, 5, 2}, {20, 20, 5, 1}, {1000, 100, 5, 50}, {1000, 101, 5, 51}, {30, 0, 100, 30}, {30, 7, 100, 30}, {10, 0, 34, 4},
	} {
		from := population(c.n, c.bad)
		got := Draw("seed", from, nil, c.percent)
		if len(got) != c.want {
			t.Errorf("%+v: drew %d", c, len(got))
		}
		if len(got)*100 < c.n*c.percent {
			t.Errorf("%+v: %d are less than the share", c, len(got))
		}
		seen := map[id.ID]bool{}
		for _, o := range got {
			if seen[o] || !slices.ContainsFunc(from, func(x Candidate) bool { return x.Order == o }) {
				t.Errorf("%+v: %s is drawn twice or from nowhere", c, o)
			}
			seen[o] = true
		}
	}
}

// req: B7.2.4a
func TestTheSameDrawAgain(t *testing.T) {
	from := population(400, 13)
	want := Draw("seed", from, nil, 5)
	shuffled := slices.Clone(from)
	rng := rand.New(rand.NewPCG(3, 4))
	for range 20 {
		rng.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		if got := Draw("seed", shuffled, nil, 5); !slices.Equal(got, want) {
			t.Fatal("the order of the candidates changed the draw")
		}
	}
	if slices.Equal(Draw("seed 2", from, nil, 5), want) {
		t.Error("another seed drew the same")
	}
}

// req: B7.2.4a
func TestEveryStratumIsDrawnFrom(t *testing.T) {
	from := population(600, 60)
	drawn, all := map[string]int{}, map[string]int{}
	of := map[id.ID]string{}
	for _, c := range from {
		all[c.stratum()]++
		of[c.Order] = c.stratum()
	}
	for _, o := range Draw("seed", from, nil, 5) {
		drawn[of[o]]++
	}
	if len(all) != 7 {
		t.Fatalf("strata %v", all)
	}
	for name, n := range all {
		if low, high := n*5/100, n*5/100+1; drawn[name] < low || drawn[name] > high {
			t.Errorf("%s: %d of %d drawn", name, drawn[name], n)
		}
	}
}

// What grows day by day is drawn from day by day, and never less than the share.
//
// req: B7.2.4a
func TestDrawOnTopOfEarlierDraws(t *testing.T) {
	for _, bad := range []int{0, 1, 9} {
		from, had := population(300, bad), map[id.ID]bool{}
		rng := rand.New(rand.NewPCG(5, uint64(bad)))
		rng.Shuffle(len(from), func(i, j int) { from[i], from[j] = from[j], from[i] })
		for n := 1; n <= len(from); n += 1 + rng.IntN(9) {
			got := Draw(Seed(fmt.Sprint(n)), from[:n], had, 5)
			for _, o := range got {
				if had[o] {
					t.Fatal("drawn a second time")
				}
				had[o] = true
			}
			if len(had) < Quota(n, 5) || len(had) > Quota(n, 5)+1 {
				t.Fatalf("%d of %d drawn", len(had), n)
			}
			if again := Draw(Seed(fmt.Sprint(n)), from[:n], had, 5); len(again) != 0 {
				t.Fatalf("nothing is missing, and %d more were drawn", len(again))
			}
		}
	}
}

// Over many seeds each order of a stratum has the same chance.
func TestDrawIsFair(t *testing.T) {
	from, times := population(60, 0), map[id.ID]int{}
	const seeds = 4000
	for i := range seeds {
		for _, o := range Draw(Seed(fmt.Sprint(i)), from, nil, 10) {
			times[o]++
		}
	}
	for _, c := range from { // expected 400 of 4,000, standard deviation 19
		if n := times[c.Order]; n < 310 || n > 490 {
			t.Errorf("%s of %s was drawn %d times", c.Order, c.stratum(), n)
		}
	}
}

func FuzzDraw(f *testing.F) {
	f.Add("seed", uint16(100), uint16(7), uint8(5))
	f.Fuzz(func(t *testing.T, seed string, n, bad uint16, percent uint8) {
		from := population(int(n%500), int(bad%500))
		p := int(percent%100) + 1
		got := Draw(Seed(seed), from, nil, p)
		if len(got) < Quota(len(from), p) || len(got) > len(from) {
			t.Errorf("%d of %d at %d %%", len(got), len(from), p)
		}
	})
}
