package plot

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"powerplay/sim/unit"
)

// sampleSankey is money on its way from customers to suppliers.
func sampleSankey() (*Figure, error) {
	k := Sankey{Unit: unit.DimUSDPerYear, Columns: []string{"Payers", "Labs", "Clouds", "Suppliers"}}
	for _, name := range []string{"Businesses", "Consumers", "Investors", "OpenAI", "Anthropic", "xAI", "Microsoft", "Amazon", "Google", "Oracle", "Chip makers", "Utilities", "Builders", "Margin"} {
		k.Nodes = append(k.Nodes, Node{Key: strings.ToLower(name), Label: name})
	}
	flow := func(from, to string, billions float64) { k.Flows = append(k.Flows, Flow{from, to, billions * 1e9}) }
	flow("businesses", "openai", 38)
	flow("consumers", "openai", 60)
	flow("investors", "openai", 42)
	flow("businesses", "anthropic", 64)
	flow("consumers", "anthropic", 9)
	flow("investors", "anthropic", 17)
	flow("investors", "xai", 29)
	flow("openai", "microsoft", 66)
	flow("openai", "oracle", 48)
	flow("openai", "amazon", 26)
	flow("anthropic", "amazon", 46)
	flow("anthropic", "google", 44)
	flow("xai", "oracle", 12)
	flow("xai", "chip makers", 17)
	for _, c := range []struct {
		cloud string
		sums  [4]float64
	}{{"microsoft", [4]float64{36, 9, 12, 9}}, {"amazon", [4]float64{34, 11, 16, 11}}, {"google", [4]float64{16, 8, 12, 8}}, {"oracle", [4]float64{39, 8, 12, 1}}} {
		for i, to := range []string{"chip makers", "utilities", "builders", "margin"} {
			flow(c.cloud, to, c.sums[i])
		}
	}
	return k.Figure(sampleWords("money-sankey", "Customers pay for most of what suppliers earn", "Payments in 2030 on their way from customers and investors to suppliers, $ bn a year, nominal"))
}

func TestFlowsOfOddSizeHaveNoOverlaps(t *testing.T) {
	generated(t, 200, func(g generator) (*Figure, error) {
		k := Sankey{Unit: g.dimension()}
		columns := make([][]string, 2+g.IntN(3))
		for c := range columns {
			for i := range 1 + g.IntN([]int{12, 5, 5, 12}[c]) {
				key := fmt.Sprint(c, "-", i)
				columns[c] = append(columns[c], key)
				k.Nodes = append(k.Nodes, Node{Key: key, Label: g.name()})
			}
		}
		if g.IntN(2) == 0 {
			for range columns {
				k.Columns = append(k.Columns, g.name())
			}
		}
		// Whole ways from the first column to the last keep every node in balance. One passes through every column.
		size := math.Pow(10, g.Float64()*18-3)
		for way := range 1 + g.IntN(9) {
			value := size * math.Exp(3*g.NormFloat64())
			from := columns[0][g.IntN(len(columns[0]))]
			for c := 1; c < len(columns); c++ {
				if way > 0 && c < len(columns)-1 && g.IntN(4) == 0 {
					continue
				}
				to := columns[c][g.IntN(len(columns[c]))]
				k.Flows = append(k.Flows, Flow{from, to, value})
				from = to
			}
		}
		return k.Figure(g.words())
	})
}

func TestFlowsThatAreNoneAreRefused(t *testing.T) {
	nodes := func(keys string) (out []Node) {
		for _, key := range strings.Split(keys, "") {
			out = append(out, Node{Key: key})
		}
		return out
	}
	for _, c := range []struct {
		name string
		k    Sankey
		want string
	}{
		{"no flows", Sankey{Nodes: nodes("ab")}, "nothing to draw"},
		{"flows of nothing", Sankey{Nodes: nodes("ab"), Flows: []Flow{{"a", "b", 0}}}, "nothing to draw"},
		{"a node twice", Sankey{Nodes: nodes("aa")}, "two nodes"},
		{"an unknown node", Sankey{Nodes: nodes("a"), Flows: []Flow{{"a", "b", 1}}}, "no node"},
		{"a negative flow", Sankey{Nodes: nodes("ab"), Flows: []Flow{{"a", "b", -1}}}, "negative"},
		{"a missing flow", Sankey{Nodes: nodes("ab"), Flows: []Flow{{"a", "b", math.NaN()}}}, "is NaN"},
		{"a node that keeps something", Sankey{Unit: unit.DimMW, Nodes: nodes("abc"), Flows: []Flow{{"a", "b", 5000}, {"b", "c", 4000}}}, `node "b" takes in 5.0 GW and gives out 4.0 GW`},
		{"a loop", Sankey{Nodes: nodes("abcd"), Flows: []Flow{{"d", "a", 1}, {"a", "b", 1}, {"b", "c", 1}, {"c", "a", 1}}}, "is a loop"},
		{"a loop of one", Sankey{Nodes: nodes("a"), Flows: []Flow{{"a", "a", 1}}}, "a → a is a loop, which a flow chart would hide; draw a matrix"},
		{"five columns", Sankey{Nodes: nodes("abcde"), Flows: []Flow{{"a", "b", 1}, {"b", "c", 1}, {"c", "d", 1}, {"d", "e", 1}}}, "at most 4"},
		{"too few headings", Sankey{Nodes: nodes("ab"), Flows: []Flow{{"a", "b", 1}}, Columns: []string{"x"}}, "1 headings for 2 columns"},
	} {
		_, err := c.k.Figure(sampleWords("x", "A title", ""))
		if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(c.want, "nothing") != errors.Is(err, ErrNoData) {
			t.Errorf("%s: error %v, want one with %q", c.name, err, c.want)
		}
	}
}

// What is small is merged so that all that is drawn still adds up.
func TestSmallFlowsAreMergedAndStayInBalance(t *testing.T) {
	k := Sankey{Nodes: []Node{{Key: "a"}, {Key: "hub"}, {Key: "tiny1"}, {Key: "tiny2"}, {Key: "z"}}}
	k.Flows = []Flow{{"a", "hub", 1000}, {"hub", "z", 900}, {"a", "tiny1", 3}, {"tiny1", "z", 3}, {"a", "tiny2", 4}, {"tiny2", "z", 4}}
	for i := range 20 {
		key := fmt.Sprint("s", i)
		k.Nodes = append(k.Nodes, Node{Key: key})
		k.Flows = append(k.Flows, Flow{"hub", key, 5})
	}
	f := built(t)(k.Figure(sampleWords("x", "A title", "")))
	in, out := map[string]float64{}, map[string]float64{}
	for _, r := range f.Table() {
		if r.Band != "total" {
			in[r.Band] += r.Value
			out[r.Series] += r.Value
		}
	}
	var nodes []string
	for key, v := range in {
		nodes = append(nodes, key)
		if o := out[key]; o > 0 && math.Abs(o-v) > 1e-9*v {
			t.Errorf("%s takes in %g and gives out %g", key, v, o)
		}
	}
	slices.Sort(nodes)
	if got := strings.Join(nodes, " "); got != "hub other-25 other-26 z" || in["other-25"] != 7 || in["other-26"] != 107 {
		t.Errorf("nodes %s hold %v, want the tiny ones to be one of 7 and the small ends one of 107", got, in)
	}
	if out["a"] != 1007 || !strings.Contains(f.AltText(), "Smaller flows: each below 1% of the whole, and left out of the totals of those who get them.") {
		t.Errorf("%g leave a; %q", out["a"], f.AltText())
	}
}
