package sim

import (
	"powerplay/sim/id"
	"powerplay/sim/measure"
	"powerplay/sim/unit"
)

// window is the time over which circular shares are counted.
const window = 36

// tie is what two firms have with each other, seen from the first.
type tie struct {
	a, b         id.Firm
	ahead        bool       // something is paid ahead for rent of the month
	credited     bool       // the second has granted the first credits, when bills are made
	chips        bool       // a has used b's chips
	place        int32      // in the list
	back         int32      // place of what b has with a, -1 if that is nothing
	pair         int32      // of the layout's pairs, -1 if it is not measured
	until        unit.Month // last month of what is promised
	month        flow       // of the running month
	spend        float64    // a paid b in the month, credits included, dollars
	bought       unit.USD   // chips of the month that a has not yet paid
	resold       float64    // models of a sold through b in the month, dollars
	rentBill     float64    // rent of lots in the month, floor included, dollars
	lotsDue      unit.USD   // of that, neither credited nor paid ahead
	rentLeft     float64    // of that, not yet counted by a clause
	invested     float64    // equity of b that a holds, at cost
	stake        float64    // share of b that a owns
	silent       float64    // the part of it without votes, as a share of b
	contracted   float64    // MW that a has under contract from b
	delivered    float64    // MW of that in service
	due          float64    // MW of that which should be
	setAside     float64    // MW of b's sites set aside for chips that a has ordered
	fitted       float64    // MW in service with b's chips for a
	opening      float64    // invested in the window before the start, dollars
	openingSpend float64    // spent by a with b in the window before the start
	spentSum     unit.USD   // spend of the window's months; in cents, so that it comes back to zero
	investSum    unit.USD   // equity that a bought in them, likewise
	promised     unit.USD   // that a has promised to spend and lots do not serve, at the close
}

// flow is what a tie has seen of spend and of equity bought in a month.
type flow struct{ spent, invested unit.USD }

// other is the second firm of a tie, and the tie's place in the list.
type other struct {
	firm id.Firm
	at   int32
}

// ties lists the pairs of firms that have to do with each other. A pair is added when it first does.
type ties struct {
	list   []tie
	months [window][]flow // of the months of the window that are over, by tie; a month has those that there were at its end
	now    int            // place of the running month
	of     [][]other      // by first firm
	to     [][]int32      // places of ties by second firm
	layout *measure.Layout
}

func (t *ties) init(firms int, layout *measure.Layout) {
	t.of, t.to, t.layout = make([][]other, firms), make([][]int32, firms), layout
}

func (t *ties) reset() {
	t.list = t.list[:0]
	for i := range t.months {
		t.months[i] = t.months[i][:0]
	}
	for i := range t.of {
		t.of[i], t.to[i] = t.of[i][:0], t.to[i][:0]
	}
}

// find returns the tie of a with b and makes it if there is none. The pointer holds until the next find.
func (t *ties) find(a, b id.Firm) *tie {
	if x := t.has(a, b); x != nil {
		return x
	}
	t.of[a] = append(t.of[a], other{b, int32(len(t.list))})
	t.to[b] = append(t.to[b], int32(len(t.list)))
	t.list = append(t.list, tie{a: a, b: b, place: int32(len(t.list)), back: -1, pair: int32(t.layout.Pair(a, b))})
	x := &t.list[len(t.list)-1]
	if back := t.has(b, a); back != nil { // a firm is its own other
		x.back, back.back = back.place, x.place
	}
	return x
}

// has returns the tie of a with b, nil if there is none.
func (t *ties) has(a, b id.Firm) *tie {
	for _, o := range t.of[a] {
		if o.firm == b {
			return &t.list[o.at]
		}
	}
	return nil
}

// back returns the tie of a tie's second firm with its first, nil if there is none.
func (t *ties) back(x *tie) *tie {
	if x.back < 0 {
		return nil
	}
	return &t.list[x.back]
}

// startMonth puts the flows of the last month away and lets the window move on.
func (t *ties) startMonth(m unit.Month) {
	last := t.months[t.now][:0]
	for i := range t.list {
		x := &t.list[i]
		last = append(last, x.month)
		x.month, x.spend, x.resold = flow{}, 0, 0
	}
	t.months[t.now] = last
	t.now = int(m) % window
	for i, f := range t.months[t.now] {
		t.list[i].spentSum -= f.spent
		t.list[i].investSum -= f.invested
	}
}

// paid records spend of a with b.
func (t *ties) paid(a, b id.Firm, amount unit.USD) { t.spent(t.find(a, b), amount) }

// spent records spend of a tie's first firm with its second.
func (t *ties) spent(x *tie, amount unit.USD) {
	x.spend += amount.Dollars()
	x.month.spent += amount
	x.spentSum += amount
}

// bought records equity of b bought by a.
func (t *ties) bought(a, b id.Firm, amount unit.USD) {
	x := t.find(a, b)
	x.invested += amount.Dollars()
	x.month.invested += amount
	x.investSum += amount
}

// outranks reports whether a stake is the larger. Firms that bought alike hold alike but for the last digits, which may
// not choose between them: the one that the company knew first goes before.
func outranks(stake, most float64) bool { return stake > most*(1+1e-9) }

// openingWeight is what is left in the window of totals from before the start, age months after it.
func openingWeight(age unit.Month) float64 { return max(0, 1-float64(age)/window) }
