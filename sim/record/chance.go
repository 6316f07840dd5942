package record

import (
	"io"
	"math"
	"slices"
	"sync"

	"powerplay/sim/unit"
)

// Lead is a question: does column A come to lie above column B?
type Lead struct{ A, B int } // places in the frame

// Contest ranks columns against each other, the largest first.
type Contest struct{ Columns []int }

// Questions is what [Chances] asks of each run.
type Questions struct {
	From, To unit.Month // months simulated
	Firsts   []First    // when did the event first happen?
	Leads    []Lead     // when did A first close a month above B, after one in which it was not?
	Contests []Contest  // who came in which place, at each year end?
	Extra    int        // questions that [Chances.Hold] answers
	Central  bool       // the central run counts like all others, because it is alone
}

// Chances counts in how many runs things happen, by month. Counts are whole numbers, so neither order nor
// parts can change them. It is a [RunSink] and a [State]; its memory does not depend on the number of runs.
type Chances struct {
	Questions
	ends  []unit.Month // Decembers and the last month
	dated int          // questions that a month answers
	open  *flight[*answers]

	mu     sync.Mutex
	runs   int
	counts []int64 // first dates by month, then places, then extra questions
}

// answers is what a run under way has said so far.
type answers struct {
	first  []unit.Month // by dated question; Never until it happens
	behind []bool       // by lead: A was not above B in some month
	place  []int32      // by contest, year end and column: 1 for the largest; 0 for no number
	held   []bool       // by extra question
}

// NewChances returns counters at zero.
func NewChances(q Questions) *Chances {
	c := &Chances{Questions: q, dated: len(q.Firsts) + len(q.Leads)}
	for t := q.From; t <= q.To; t++ {
		if t.YearEnd() || t == q.To {
			c.ends = append(c.ends, t)
		}
	}
	places := 0
	for i := range q.Contests {
		places += len(c.ends) * len(q.Contests[i].Columns)
	}
	cells := c.dated * c.months()
	for i := range q.Contests {
		n := len(q.Contests[i].Columns)
		cells += len(c.ends) * n * n
	}
	c.counts = make([]int64, cells+q.Extra)
	c.open = newFlight(func() *answers {
		return &answers{make([]unit.Month, c.dated), make([]bool, len(q.Leads)), make([]int32, places), make([]bool, q.Extra)}
	}, func(a *answers) {
		for i := range a.first {
			a.first[i] = Never
		}
		clear(a.behind)
		clear(a.place)
		clear(a.held)
	})
	return c
}

func (c *Chances) months() int { return int(c.To-c.From) + 1 }

// YearEnds lists the months for which places are counted: Decembers, and the last month.
func (c *Chances) YearEnds() []unit.Month { return c.ends }

// Runs is the number of runs that count.
func (c *Chances) Runs() int { return c.runs }

// passes tells whether a run is passed over: the central run is, beside others.
func (c *Chances) passes(run int) bool { return run == 0 && !c.Central }

// Month looks at a frame.
func (c *Chances) Month(run int, t unit.Month, frame []float64) {
	if c.passes(run) {
		return
	}
	a := c.open.of(run)
	for i, l := range c.Leads {
		above := frame[l.A] > frame[l.B] // false where either is no number
		first := &a.first[len(c.Firsts)+i]
		if above && a.behind[i] && *first == Never {
			*first = t
		}
		a.behind[i] = a.behind[i] || !above
	}
	end := slices.Index(c.ends, t)
	if end < 0 {
		return
	}
	at := 0
	for i := range c.Contests {
		columns := c.Contests[i].Columns
		rank(columns, frame, a.place[at+end*len(columns):][:len(columns)])
		at += len(c.ends) * len(columns)
	}
}

// rank writes each column's place, 1 for the largest; of equals, the earlier in the list comes first.
func rank(columns []int, frame []float64, place []int32) {
	for i, col := range columns {
		v := frame[col]
		if v != v {
			continue
		}
		place[i] = 1
		for j, other := range columns {
			if w := frame[other]; w > v || w == v && j < i {
				place[i]++
			}
		}
	}
}

// Event notes the month of the first event of a kind.
func (c *Chances) Event(e Event) {
	if c.passes(e.Run) {
		return
	}
	for i, f := range c.Firsts {
		if f.of(e) {
			if first := &c.open.of(e.Run).first[i]; *first == Never || e.Month < *first {
				*first = e.Month
			}
		}
	}
}

// Hold says that extra question i is true of a run.
func (c *Chances) Hold(run, i int) {
	if !c.passes(run) {
		c.open.of(run).held[i] = true
	}
}

// Drop forgets a run.
func (c *Chances) Drop(run int) { c.open.drop(run) }

// End counts a run.
func (c *Chances) End(run int, _ unit.Month, _ string) {
	a, ok := c.open.land(run)
	if !ok {
		return
	}
	c.mu.Lock()
	c.runs++
	for q, t := range a.first {
		if t != Never {
			c.counts[q*c.months()+int(t-c.From)]++
		}
	}
	i, at := 0, c.dated*c.months()
	for k := range c.Contests {
		n := len(c.Contests[k].Columns)
		for range len(c.ends) * n {
			if p := a.place[i]; p > 0 {
				c.counts[at+int(p)-1]++
			}
			i, at = i+1, at+n
		}
	}
	for i, held := range a.held {
		if held {
			c.counts[at+i]++
		}
	}
	c.mu.Unlock()
	c.open.reuse(a)
}

// Happened is the number of runs in which the event of Firsts[i] happened by the close of month t.
func (c *Chances) Happened(i int, t unit.Month) int { return c.by(i, t) }

// Overtook is the number of runs in which Leads[i] came true by the close of month t.
func (c *Chances) Overtook(i int, t unit.Month) int { return c.by(len(c.Firsts)+i, t) }

func (c *Chances) by(q int, t unit.Month) int {
	n := int64(0)
	for m := c.From; m <= min(t, c.To); m++ {
		n += c.counts[q*c.months()+int(m-c.From)]
	}
	return int(n)
}

// Median is the middle of the first dates of Firsts[i] in the runs in which it happened, the earlier of two;
// Never when it never did.
func (c *Chances) Median(i int) unit.Month {
	n := c.Happened(i, c.To)
	for t := c.From; t <= c.To && n > 0; t++ {
		if c.Happened(i, t) > (n-1)/2 {
			return t
		}
	}
	return Never
}

// Placed is the number of runs in which column number i of a contest came in a place, 1 for the first, at
// the year end of that number.
func (c *Chances) Placed(contest, end, i, place int) int {
	at := c.dated * c.months()
	for k := range contest {
		n := len(c.Contests[k].Columns)
		at += len(c.ends) * n * n
	}
	n := len(c.Contests[contest].Columns)
	return int(c.counts[at+(end*n+i)*n+place-1])
}

// Held is the number of runs of which extra question i is true.
func (c *Chances) Held(i int) int { return int(c.counts[len(c.counts)-c.Extra+i]) }

const chanceTag = "chance 1"

// SaveState implements [State]. Runs can no longer be told apart: those of ended must be those whose End was
// called.
func (c *Chances) SaveState(w io.Writer, _ func(run int) bool) error {
	s := newSaver(w, chanceTag)
	s.words(uint64(len(c.counts)), uint64(c.runs))
	for _, n := range c.counts {
		s.words(uint64(n))
	}
	return s.end()
}

// AddState implements [State].
func (c *Chances) AddState(r io.Reader, ended Ended) error {
	l := newLoader(r, chanceTag)
	head := [2]uint64(l.words(2))
	if head[0] != uint64(len(c.counts)) {
		l.fail("it holds %d counts, not %d", head[0], len(c.counts))
	}
	runs := ended.Drawn
	if c.Central && ended.Has(0) {
		runs++
	}
	if head[1] != uint64(runs) {
		l.fail("it counts %d runs, not %d", head[1], runs)
	}
	if l.err != nil {
		return l.err
	}
	c.runs += int(head[1])
	for i, n := range l.words(len(c.counts)) {
		if n > head[1] {
			l.fail("something happened in %d of %d runs", n, head[1])
		}
		c.counts[i] += int64(n)
	}
	return l.err
}

// Wilson returns the 95 % interval of a probability, from k of n runs in which something happened: the
// probabilities from which k/n lies less than 1.96 standard errors away. Unlike p ± 1.96·√(p(1−p)/n) it
// does not shrink to nothing at 0 and n, and stays within 0 and 1. It holds for draws that do not depend on
// each other; on a design that spreads its points evenly it is too wide rather than too narrow.
//
// Source: Wilson, "Probable Inference, the Law of Succession, and Statistical Inference", Journal of the
// American Statistical Association 22(158), 1927.
func Wilson(k, n int) (low, high float64) {
	if n == 0 {
		return 0, 1
	}
	const z = 1.959963984540054 // 97.5 % of a normal distribution lies below it
	p, m := float64(k)/float64(n), float64(n)
	middle := p + z*z/(2*m)
	half := float64(z * math.Sqrt(p*(1-p)/m+z*z/(4*m*m)))
	scale := 1 + z*z/m
	low, high = (middle-half)/scale, (middle+half)/scale
	if k == 0 {
		low = 0
	}
	if k == n {
		high = 1
	}
	return max(low, 0), min(high, 1)
}
