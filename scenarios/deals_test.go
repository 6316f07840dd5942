package scenarios_test

import (
	"encoding/csv"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"

	"powerplay/scenarios"
	"powerplay/sim/contract"
	"powerplay/sim/record"
	"powerplay/sim/unit"
)

// row is a line of data/acceptance.csv: what a scenario says of a deal, a price or an amount that the five documents
// name. A deal with a sum, a price and a date has a line for each.
type row struct {
	id, class, scenario, read, value, unit, held, note string
}

// classes of a row. A deal and a state are reproduced; a signal has no terms; a row that is not additive is a total, a
// talk or a plan that other rows contain. "same as S010" names the row that stands for the deal.
var classes = []string{"deal", "state", "signal", "non-additive"}

const sameAs = "same as "

// register reads a table of the library into its rows, the header left out.
func register(t *testing.T, name string) [][]string {
	t.Helper()
	f, err := scenarios.Library().Open("data/" + name)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows[1:]
}

func acceptance(t *testing.T) []row {
	t.Helper()
	var all []row
	for _, r := range register(t, "acceptance.csv") {
		all = append(all, row{r[0], r[1], r[2], r[3], r[4], r[5], r[6], r[7]})
	}
	return all
}

// seeds are the rows of the register that the five documents name: id and detail.
func seeds(t *testing.T) (ids []string, detail map[string]string) {
	t.Helper()
	detail = map[string]string{}
	for _, r := range register(t, "deals.csv") {
		if strings.HasPrefix(r[0], "S") {
			ids = append(ids, r[0])
			detail[r[0]] = r[9]
		}
	}
	return ids, detail
}

func TestEveryRowOfTheDocumentsIsClassedOnce(t *testing.T) {
	want, detail := seeds(t)
	class := map[string]string{}
	var got []string
	for _, r := range acceptance(t) {
		if before, ok := class[r.id]; ok && before != r.class {
			t.Errorf("%s is %s and %s", r.id, before, r.class)
		}
		if class[r.id] = r.class; len(got) == 0 || got[len(got)-1] != r.id {
			got = append(got, r.id)
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("rows are %v, want %v", got, want)
	}
	for _, id := range got {
		one, same := strings.CutPrefix(class[id], sameAs)
		switch total := strings.HasPrefix(detail[id], "NON-ADDITIVE"); {
		case same && class[one] != "deal":
			t.Errorf("%s is the same as %s, which is %q and no deal", id, one, class[one])
		case !same && !slices.Contains(classes, class[id]):
			t.Errorf("%s is %q, want one of %v or the same as another row", id, class[id], classes)
		case class[id] == "non-additive" && !total, class[id] == "deal" && total:
			t.Errorf("%s is %q, and the register says %q", id, class[id], detail[id])
		}
	}
}

func TestDealsReadTheSumsAndSizesOfTheRegister(t *testing.T) {
	column := map[string]int{"USD": 5, "MW": 6, "months": 7}
	stated := map[string][]string{}
	for _, r := range register(t, "deals.csv") {
		stated[r[0]] = r
	}
	for _, unit := range []string{"USD", "MW", "months"} {
		read := map[string]bool{}
		for _, r := range acceptance(t) {
			given := r.unit == unit && (r.value == stated[r.id][column[unit]] || r.held == "no") || r.read == "" && r.unit == ""
			read[r.id] = read[r.id] || r.class != "deal" || given
		}
		for id, ok := range read {
			if want := stated[id][column[unit]]; want != "" && !ok {
				t.Errorf("no line of %s reads its %s %s", id, want, unit)
			}
		}
	}
}

// No sum of money, and no capacity, stands for two deals: what one deal reads no other does.
func TestNoTermStandsForTwoDeals(t *testing.T) {
	reader := map[string]string{}
	for _, r := range acceptance(t) {
		if r.class != "deal" || r.unit != "USD" && r.unit != "MW" {
			continue
		}
		base, _, _ := strings.Cut(r.scenario, "/")
		paths, _, _ := strings.Cut(r.read, " / ")
		for _, path := range strings.Split(paths, " + ") {
			key := base + " " + path
			if other, ok := reader[key]; ok && other != r.id {
				t.Errorf("%s reads %s, which stands for %s", r.id, key, other)
			}
			reader[key] = r.id
		}
	}
}

func TestScenariosReproduceTheDealsOfTheDocuments(t *testing.T) {
	studies := map[string]*scenarios.Study{}
	runs := map[string]*history{}
	for i, r := range acceptance(t) {
		t.Run(fmt.Sprintf("%s/%d", r.id, i+2), func(t *testing.T) {
			if r.read == "" {
				if r.scenario != "" && r.held != "no" || r.note == "" {
					t.Errorf("nothing is read and it is said to be held %q for %q, want the reason why it is not", r.held, r.note)
				}
				t.Logf("%-4s %-14s %-26s %-28s held %-3s  %s", r.id, r.class, r.scenario, "", r.held, r.note)
				return
			}
			if studies[r.scenario] == nil {
				name, variant, _ := strings.Cut(r.scenario, "/")
				studies[r.scenario] = load(t, name, variant)
			}
			got := reading(t, studies[r.scenario], runs, r)
			if r.held != "yes" && r.note == "" {
				t.Errorf("held %q without a reason", r.held)
			}
			if (got == r.value) != (r.held == "yes") {
				t.Errorf("%s is %s %s, the table says %s and held %q", r.read, got, r.unit, r.value, r.held)
			}
			t.Logf("%-4s %-14s %-26s %16s %-11s held %-3s  %s", r.id, r.class, r.scenario, got, r.unit, r.held, r.note)
		})
	}
}

// reading is what the scenario of a row says: the sum of the terms at its paths, perhaps over the part that it is of the
// whole, or a measure of the central run at the close of a month.
func reading(t *testing.T, s *scenarios.Study, runs map[string]*history, r row) string {
	t.Helper()
	if name, at, ok := strings.Cut(r.read, " @ "); ok {
		if runs[r.scenario] == nil {
			runs[r.scenario] = playOut(t, s, []int{0}, false, nil)
		}
		return exact(runs[r.scenario].central(name, month(t, at)))
	}
	paths, part, _ := strings.Cut(r.read, " / ")
	sum := 0.0
	for _, path := range strings.Split(paths, " + ") {
		target, err := scenarios.ModelDecoder(s.Resolved).Resolve(s.Model, path)
		if err != nil {
			t.Fatalf("%s: %v", r.scenario, err)
		}
		if string(target.Dim) != r.unit {
			t.Fatalf("%s is in %q, the table says %q", path, target.Dim, r.unit)
		}
		x := target.Get(s.Model)
		if target.Dim == unit.DimMonth {
			return unit.Month(x).String()
		}
		sum += x
	}
	if part != "" {
		whole, err := strconv.ParseFloat(part, 64)
		if err != nil {
			t.Fatal(err)
		}
		sum /= whole
	}
	return exact(sum)
}

// exact writes a number to the cent, without zeros that say nothing.
func exact(x float64) string {
	return strconv.FormatFloat(math.Round(x*1e6)/1e6, 'f', -1, 64)
}

func month(t *testing.T, text string) unit.Month {
	t.Helper()
	var y, m int
	if n, err := fmt.Sscanf(text, "%d-%d", &y, &m); n != 2 || err != nil {
		t.Fatalf("%q is no month", text)
	}
	return unit.Date(y, m)
}

// Until January 2025 OpenAI rents from Microsoft alone, from June 2024 on from Oracle too (D002, D265); then every seller
// may bid under Microsoft's right to match, until it is given up for a promise of spend (D062, D142).
func TestMicrosoftsRightsOverOpenAIFollowEachOther(t *testing.T) {
	s := load(t, "history-2023", "through-2026")
	h := playOut(t, s, runsUpTo(5), true, nil)
	const openai, microsoft, oracle = "openai", "microsoft", "oracle"
	free, others := unit.Date(2025, 1), 0
	for run, events := range h.events {
		for _, e := range events {
			if e.Kind != "lot" || e.Firm != openai || e.With == microsoft {
				continue
			}
			if e.Month < free && (e.With != oracle || e.Month < unit.Date(2024, 6)) {
				t.Errorf("run %d, %v: %s, want Microsoft alone", run, e.Month, e.What)
			}
			if e.Month >= free {
				others++
			}
		}
	}
	if others == 0 {
		t.Error("OpenAI signs with nobody else after January 2025, want some other seller in some run")
	}
	var rights []string
	for _, e := range h.events[0] {
		if e.Firm == openai && e.With == microsoft && (e.Kind == "amend" || e.Kind == "end") {
			rights = append(rights, e.Month.String()+" "+e.Kind)
		}
	}
	clashes := contract.Clashes(s.Model.Contracts)
	if len(clashes) != 1 || clashes[0].From != unit.Date(2026, 2) || clashes[0].To != unit.Date(2026, 3) {
		t.Errorf("clashes %v, want the one of AWS's and Azure's rights to sell OpenAI's products, from February to March 2026", clashes)
	}
	flagged := slices.ContainsFunc(h.events[0], func(e record.Event) bool {
		return e.Kind == "clash" && e.Month == unit.Date(2026, 2) && e.Contract == "amazon-openai-agents"
	})
	if !flagged {
		t.Error("the run does not tell of the clash")
	}
	want := []string{"2024-06 end", "2024-06 amend", "2025-01 end", "2025-10 end", "2025-10 end", "2025-10 amend"}
	if len(rights) < len(want) || !slices.Equal(rights[:len(want)], want) {
		t.Errorf("rights end and go on in %v, want to begin with %v", rights, want)
	}
}
