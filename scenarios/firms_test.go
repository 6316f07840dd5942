package scenarios_test

import (
	"fmt"
	"math"
	"slices"
	"sort"
	"strings"
	"testing"

	"powerplay/scenarios"
	"powerplay/sim"
	"powerplay/sim/firm"
	"powerplay/sim/id"
	"powerplay/sim/unit"
)

// unbound loads base-2026 without the contracts that bind a firm.
func unbound(t *testing.T, s *scenarios.Study, f id.Firm) *scenarios.Study {
	t.Helper()
	var sets []string
	for i := range s.Model.Contracts {
		if c := &s.Model.Contracts[i]; slices.Contains(c.Terms.Parties(), f) {
			sets = append(sets, "contracts."+c.Key+"=null")
		}
	}
	return load(t, "base-2026", "", sets...)
}

// inert lets a firm stand there without size: it sells, owns, buys and makes nothing.
func inert(m *sim.Model, f id.Firm) {
	x := &m.Firms[f]
	if l := x.Lab; l != nil {
		l.Enterprise, l.Consumer, l.EnterpriseFlow, l.ConsumerFlow, l.Used, l.OpenWeights, l.Anchor = 0, 0, 0, 0, 0, false, false
		l.Capability = 1
	}
	if c := x.Cloud; c != nil {
		for i := range c.Cohorts {
			c.Cohorts[i].Capacity = 0
		}
		c.UnderConstruction, c.Announced, c.AdjustSpeed, c.Sells = 0, 0, 0, false
	}
	if v := x.Investor; v != nil {
		v.Budget = 0
	}
	if s := x.Supplier; s != nil {
		s.Shipments = 0
	}
	if b := x.Buyer; b != nil {
		b.Need = 0
	}
}

// deeds are kinds of event that a firm decides on; what merely befalls it is left out.
var deeds = []string{
	"order", "cancel", "plan", "lot", "placed-commitment", "match", "partial-match", "decline", "notice", "release", "round-opened", "round",
	"ticket", "rescue", "relief", "tranche", "energised", "promise", "credits", "allot", "spot",
}

func TestEachFirmOfBase2026MattersToOthers(t *testing.T) {
	if testing.Short() {
		t.Skip("plays a run for each firm")
	}
	s := load(t, "base-2026", "")
	before := playOut(t, s, []int{0}, false, nil)
	at := []unit.Month{unit.Date(2026, 6), unit.Date(2027, 6)} // minimum payments fall due in December
	for i := range s.Model.Firms {
		f := &s.Model.Firms[i]
		after := playOut(t, unbound(t, s, id.Firm(i)), []int{0}, false, func(m *sim.Model) { inert(m, id.Firm(i)) })
		type move struct {
			text string
			size float64
		}
		var moves []move
		for _, name := range numbersOfOthers(s.Model.Firms, i) {
			for _, month := range at {
				x, y := before.central(name, month), after.central(name, month)
				if x != 0 && math.Abs(y/x-1) > 1e-3 {
					moves = append(moves, move{fmt.Sprintf("%s @ %v %.4g → %.4g", name, month, x, y), math.Abs(y/x - 1)})
				}
			}
		}
		sort.SliceStable(moves, func(a, b int) bool { return moves[a].size > moves[b].size })
		if len(moves) == 0 {
			t.Errorf("without %s no number of others moves", f.Key)
			continue
		}
		var texts []string
		for _, x := range moves[:min(4, len(moves))] {
			texts = append(texts, x.text)
		}
		t.Logf("| %s | %d | %s |", f.Key, len(moves), strings.Join(texts, "; "))
	}
}

// numbersOfOthers are what is watched when firm i falls out.
func numbersOfOthers(firms []firm.Firm, i int) []string {
	names := []string{"world.rent", "world.total_energised", "world.market_size", "world.frontier_capability"}
	for k := range firms {
		f := &firms[k]
		if k == i {
			continue
		}
		if f.Lab != nil {
			names = append(names, f.Key+".market_share", f.Key+".capacity_used", f.Key+".capital_raised")
		}
		if f.Cloud != nil {
			names = append(names, f.Key+".capacity_energised", f.Key+".compute_revenue")
		}
		if f.Supplier != nil {
			names = append(names, f.Key+".chip_revenue")
		}
	}
	return names
}

func TestEachFirmOfBase2026Decides(t *testing.T) {
	s := load(t, "base-2026", "")
	h := playOut(t, s, runsUpTo(3), true, nil)
	done := map[string]map[string]int{}
	for _, events := range h.events {
		for _, e := range events {
			if e.What != "" && slices.Contains(deeds, e.Kind) {
				if done[e.Firm] == nil {
					done[e.Firm] = map[string]int{}
				}
				done[e.Firm][e.Kind]++
			}
		}
	}
	for i := range s.Model.Firms {
		key := s.Model.Firms[i].Key
		t.Logf("| %s | %v |", key, done[key])
		if len(done[key]) == 0 {
			t.Errorf("no event tells of a decision of %s", key)
		}
	}
}

func TestMoneyChipsPowerAndDemandEachBind(t *testing.T) {
	s := load(t, "base-2026", "")
	h := playOut(t, s, runsUpTo(3), true, nil)
	seen := map[string]string{}
	note := func(what, format string, args ...any) {
		if seen[what] == "" {
			seen[what] = fmt.Sprintf(format, args...)
		}
	}
	column := func(name string) int { return h.column(name) }
	supply, orders, queued := column("world.chip_supply"), column("world.chip_orders"), column("us.power_queued")
	for run := range 4 {
		for _, e := range h.events[run] {
			switch {
			case e.Kind == "order" && strings.Contains(e.What, "money is the limit"):
				note("money", "run %d, %s: %s", run, e.Date, e.What)
			case e.Kind == "order" && strings.Contains(e.What, "rent is the limit"):
				note("demand", "run %d, %s: %s", run, e.Date, e.What)
			case e.Kind == "plan":
				note("money of labs", "run %d, %s: %s", run, e.Date, e.What)
			}
		}
		for k, frame := range h.frames[run] {
			month := h.start + unit.Month(k)
			if frame[orders] > frame[supply] && k > 0 {
				note("chips", "run %d, %v: %.3g H100e are wanted, %.3g come", run, month, frame[orders], frame[supply])
			}
			if frame[queued] > 0 {
				note("power", "run %d, %v: %.0f MW wait in the United States", run, month, frame[queued])
			}
			for _, cloud := range []string{"microsoft", "other-clouds", "oracle"} {
				if u := frame[column(cloud+".utilisation")]; k > 0 && u < 0.7*float64(s.Model.Market.Compute.TargetUtilisation) {
					note("idle capacity", "run %d, %v: %s uses %.0f %% of its capacity", run, month, cloud, 100*u)
				}
			}
		}
	}
	for _, what := range []string{"money", "money of labs", "chips", "power", "demand"} {
		if seen[what] == "" {
			t.Errorf("%s never binds in four runs", what)
		}
		t.Logf("%s: %s", what, seen[what])
	}
	t.Logf("idle capacity: %s", seen["idle capacity"])
}
