package scenarios

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"powerplay/sim/rng"
	"powerplay/sim/unit"
)

// Dependency says that two uncertain numbers hang together.
type Dependency struct {
	Between         []string    `need:"true" doc:"paths of two uncertain numbers"`
	RankCorrelation Correlation `need:"true" doc:"Spearman's, from -99% to 99%: 60% where a high value of one mostly comes with a high one of the other"`
	Source          []string    `doc:"where it comes from"`
	Note            string      `doc:"anything else worth saying"`
}

// Correlation is a rank correlation, between -1 and 1.
type Correlation float64

// Tie is a pair of inputs that hang together, by their places among [Study.Inputs].
type Tie struct {
	A, B   int
	Rank   float64
	Source []string

	uniform float64 // the rank correlation of their places between 0 and 1
}

// Group is all inputs that hang together, directly or through others; pairs among them that are not named are
// uncorrelated.
type Group struct {
	Inputs []int
	Copula *rng.Copula
}

func readCorrelation(text string) (Correlation, *fault) {
	digits, negative := strings.CutPrefix(strings.TrimSpace(text), "-")
	x, f := readQuantity(digits, false, unit.DimShare, "rank_correlation")
	if f == nil && x > rng.StrongestRank || f != nil && f.code == "E310" {
		f = faultf("E310", "where one number decides another, make only the first uncertain", "a rank correlation of %s is outside of -99%% to 99%%", quote(text))
	}
	if negative {
		x = -x
	}
	return Correlation(x), f
}

// drawnTies leaves out the pairs of which a number is not drawn, or nil where none is left.
func (r *Resolved) drawnTies(list *Node) *Node {
	if list == nil || list.Kind != List {
		return list
	}
	out := *list
	out.Children = slices.DeleteFunc(slices.Clone(list.Children), func(c *Node) bool {
		return slices.ContainsFunc(childrenOf(c.Child("between")), func(p *Node) bool { return !r.draws(p.Text) })
	})
	if len(out.Children) == 0 {
		return nil
	}
	return &out
}

// settleDependence ties the correlations to the inputs. A pair of which a later layer has fixed or removed a number is left
// out, with a warning.
func (s *Study) settleDependence(d *Decoder) {
	list := childrenOf(s.meta.Child("dependence"))
	for i, dep := range s.Header.Dependence {
		paths := childrenOf(list[i].Child("between"))
		if len(paths) != 2 {
			d.Fault(list[i], "between", "E318", "a dependence is between two numbers", "", "write `between: [market.enterprise.growth, market.consumer.growth]`")
			continue
		}
		a, okA := s.inputAt(d, paths[0], paths[0].Text)
		b, okB := s.inputAt(d, paths[1], paths[1].Text)
		if !okA || !okB {
			continue
		}
		if a < 0 || b < 0 {
			s.noPart(d, i, paths, a < 0)
			continue
		}
		same := func(t Tie) bool { return t.A == a && t.B == b || t.A == b && t.B == a }
		switch {
		case a == b:
			d.Fault(list[i], "between", "E318", quote(paths[0].Text)+" cannot hang together with itself", "", "name two numbers")
		case slices.ContainsFunc(s.Ties, same):
			d.Fault(list[i], "between", "E202", quote(paths[0].Text)+" and "+quote(paths[1].Text)+" are given twice", "", "remove one of them")
		default:
			s.tie(d, list[i], Tie{A: a, B: b, Rank: float64(dep.RankCorrelation), Source: dep.Source})
		}
	}
	s.group(d)
}

// noPart warns of a pair of which a number is not drawn, the first or the second.
func (s *Study) noPart(d *Decoder, place int, between []*Node, first bool) {
	fixed, other := between[0], between[1]
	if !first {
		fixed, other = other, fixed
	}
	p := Problem{
		Code: "W303", Severity: Warning, Origin: fixed.Origin, Path: fmt.Sprintf("dependence[%d].between", place), Width: widthOf(fixed),
		What: fmt.Sprintf("%s is not drawn any more, so that %s hangs together with it has no part in the runs", quote(fixed.Text), quote(other.Text)),
		Hint: "take the pair out, or leave both numbers uncertain",
	}
	steps, _ := parsePath(fixed.Text)
	if i := slices.IndexFunc(s.Fixed, func(f Fixed) bool { return f.Path == stepsPath(steps) }); i >= 0 {
		p.Also = also(s.Fixed[i].By, "fixed here")
	}
	d.problems = append(d.problems, p)
}

// tie adds a pair of inputs that hang together, with what rank correlation their places between 0 and 1 need for it.
func (s *Study) tie(d *Decoder, n *Node, t Tie) {
	few := s.Inputs[t.A]
	if few.Distribution.Chances == nil {
		few = s.Inputs[t.B]
	}
	var most float64
	var ok bool
	t.uniform, most, ok = rng.UniformRank(t.Rank, s.Inputs[t.A].Distribution.Chances, s.Inputs[t.B].Distribution.Chances)
	switch {
	case !ok && len(few.Distribution.Chances) == 1:
		d.Fault(n, "rank_correlation", "E318", quote(few.Path)+" always takes the same value, so nothing hangs together with it", "", "take the pair out, or give it another distribution")
	case !ok:
		limit := fmt.Sprintf("%.0f%%", math.Trunc(100*most))
		d.Fault(n, "rank_correlation", "E318", fmt.Sprintf("%s takes so few values that its rank correlation here reaches %s at most", quote(few.Path), limit),
			"values that are equal share their rank, so a rule tells less than a number could", "ask for no more than "+limit+", or make the chances of its values more even")
	default:
		s.Ties = append(s.Ties, t)
	}
}

// group gathers the ties into groups and checks that each can be.
func (s *Study) group(d *Decoder) {
	var members [][]int // of each group, in the order of the ties
	find := func(input int) int {
		return slices.IndexFunc(members, func(m []int) bool { return slices.Contains(m, input) })
	}
	for _, t := range s.Ties {
		if find(t.A) < 0 {
			members = append(members, []int{t.A})
		}
		from, to := find(t.B), find(t.A)
		switch {
		case from < 0:
			members[to] = append(members[to], t.B)
		case from != to:
			members[to] = append(members[to], members[from]...)
			members = slices.Delete(members, from, from+1)
		}
	}
	for _, m := range members {
		rank := make([][]float64, len(m))
		for i := range rank {
			rank[i] = make([]float64, len(m))
			rank[i][i] = 1
		}
		for _, t := range s.Ties {
			if a, b := slices.Index(m, t.A), slices.Index(m, t.B); a >= 0 {
				rank[a][b], rank[b][a] = t.uniform, t.uniform
			}
		}
		copula, err := rng.NewCopula(rank)
		if wrong, ok := errors.AsType[*rng.CorrelationError](err); ok {
			s.cannotHold(d, m, wrong)
			continue
		}
		s.Groups = append(s.Groups, Group{Inputs: m, Copula: copula})
	}
}

// cannotHold reports a group whose correlations contradict each other, at the last pair that takes part.
func (s *Study) cannotHold(d *Decoder, members []int, wrong *rng.CorrelationError) {
	members = members[:wrong.Row+1]
	var names []string
	few := false
	for _, m := range members {
		names = append(names, s.Inputs[m].Path)
		few = few || s.Inputs[m].Distribution.Chances != nil
	}
	listed := 0
	for _, t := range s.Ties {
		if slices.Contains(members, t.A) && slices.Contains(members, t.B) {
			listed++
		}
	}
	hint := fmt.Sprintf("make those of %s weaker", quote(names[wrong.Row]))
	if !few { // which show less than what their places need
		hint += fmt.Sprintf(": at most %d%% of what they are", wrong.Percent)
	}
	why := "what hangs closely together with one number has to hang together alike with what that one follows"
	if listed < len(members)*(len(members)-1)/2 {
		why = "what hangs closely together with one number cannot be independent of what that one hangs together with; pairs that are not listed count as independent"
		hint = "list the missing pairs, or " + hint
	}
	last := names[wrong.Row]
	at := s.meta.Child("dependence")
	for _, n := range childrenOf(at) {
		if between := n.Child("between"); slices.ContainsFunc(childrenOf(between), func(p *Node) bool { return p.Text == last }) {
			at = between
		}
	}
	d.problems = append(d.problems, Problem{
		Code: "E318", Origin: at.Origin, Path: "dependence",
		What: fmt.Sprintf("the correlations between %s cannot hold together", quote(strings.Join(names, ", "))),
		Why:  why,
		Hint: hint,
	})
}
