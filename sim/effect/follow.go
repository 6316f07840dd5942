package effect

import (
	"cmp"
	"math"
	"slices"

	"powerplay/sim/num"
	"powerplay/sim/record"
)

// Follow is an input that an outcome follows, with medians over the runs at either end of it.
type Follow struct {
	Input         int     // its place in the table
	Rank          float64 // Spearman's rank correlation of the two
	Low, High     float64 // the input
	AtLow, AtHigh float64 // the outcome
}

const (
	ends     = 5  // the runs at either end of an input are a fifth each
	leastEnd = 20 // with fewer runs at either end nothing is said
)

// Follows lists the inputs that an outcome follows over the drawn runs by more than chance, in the order of the table, and
// how many runs are at either end of an input: 0 where there are too few. Words have no order and are left out.
func Follows(t *record.RunTable, outcome int) (all []Follow, atEnd int) {
	rows := t.Drawn(outcome)
	if atEnd = len(rows) / ends; atEnd < leastEnd {
		return nil, 0
	}
	for i, in := range t.Inputs {
		if in.Words != nil {
			continue
		}
		slices.SortFunc(rows, func(a, b *record.RunRow) int {
			return cmp.Or(cmp.Compare(a.Inputs[i], b.Inputs[i]), cmp.Compare(a.Run, b.Run))
		})
		var x, y []float64
		for _, r := range rows {
			x, y = append(x, r.Inputs[i]), append(y, r.Outcomes[outcome])
		}
		f := Follow{Input: i, Rank: record.RankCorrelation(x, y)}
		from := len(rows) - atEnd
		f.Low, f.High, f.AtLow, f.AtHigh = middle(x[:atEnd]), middle(x[from:]), middle(y[:atEnd]), middle(y[from:])
		if f.Low < f.High && beyondChance(f.Rank, len(rows), len(t.Inputs)) {
			all = append(all, f)
		}
	}
	return all, atEnd
}

// beyondChance tells whether a rank correlation over n runs is more than chance at 95 % where so many are looked at: it is
// about normal with variance 1/(n-1) where there is none, and corrected after Bonferroni.
func beyondChance(rank float64, n, looked int) bool {
	return math.Abs(rank)*math.Sqrt(float64(n-1)) > num.NormalQuantile(1-0.025/float64(looked))
}
