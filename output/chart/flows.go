package chart

import (
	"cmp"
	"fmt"
	"slices"

	"powerplay/output/plot"
	"powerplay/sim/measure"
	"powerplay/sim/record"
	"powerplay/sim/unit"
)

// pairs lays a measure between two firms out as a matrix: its sum over the last so many months of the central run.
// Parties without an amount are left out.
func (d *Data) pairs(m measure.ID, months int) plot.Matrix {
	x := plot.Matrix{Unit: m.Def().Dim, At: d.About.End}
	place := func(list *[]plot.Party, key string) int {
		i := slices.IndexFunc(*list, func(p plot.Party) bool { return p.Key == key })
		if i < 0 {
			i = len(*list)
			*list = append(*list, plot.Party{Key: key, Label: d.label(key)})
		}
		return i
	}
	for c, col := range d.Columns {
		if col.Metric != m.Def().Name || col.With == "" {
			continue
		}
		values := d.column(d.central(), c)
		sum := 0.0
		for _, v := range values[max(0, len(values)-months):] {
			sum += v
		}
		if sum <= 0 {
			continue
		}
		i, j := place(&x.Rows, col.Entity), place(&x.Cols, col.With)
		for len(x.Amounts) <= i {
			x.Amounts = append(x.Amounts, nil)
		}
		for len(x.Amounts[i]) <= j {
			x.Amounts[i] = append(x.Amounts[i], 0)
		}
		x.Amounts[i][j] = sum
	}
	for i := range x.Amounts {
		x.Amounts[i] = append(x.Amounts[i], make([]float64, len(x.Cols)-len(x.Amounts[i]))...)
	}
	return x
}

// label is an entity as it is printed.
func (d *Data) label(key string) string {
	for _, e := range d.About.Entities {
		if e.Key == key {
			return e.Label
		}
	}
	return key
}

// capitalFlows shows who pays whom in the last year. What comes back to who invested is a loop, so it is no Sankey.
func capitalFlows(d *Data, w plot.Words) (*plot.Figure, error) {
	flows := d.pairs(measure.Spend, 12)
	flows.From, flows.To = "Payer", "Payee"
	d.addPayers(&flows, 12)
	circular := d.world(d.central(), measure.CircularShare)
	if len(circular) > 0 {
		flows.Note = fmt.Sprintf("Of the equity that labs raised in the last 36 months, %s came back to the investor as spend.", plot.Format(circular[len(circular)-1], 1, unit.DimShare))
	}
	d.headAt(&w, plot.FlowTitle(plot.Claim{Verb: "pays", Of: "for compute and chips"}, flows),
		"Paid for compute and chips in the year to "+d.About.End.Words()+", credits included, nominal dollars; other payers have no contract with and no stake in the payee")
	return flows.Figure(w)
}

// addPayers adds to a matrix of payments what payees earn with compute and chips beyond it, as a row of other payers.
func (d *Data) addPayers(flows *plot.Matrix, months int) {
	line := make([]float64, len(flows.Cols))
	for _, e := range d.About.Entities {
		earned := 0.0
		for _, m := range []measure.ID{measure.ComputeRevenue, measure.ChipRevenue} {
			values := d.column(d.central(), d.find(e.Key, m))
			for _, v := range values[max(0, len(values)-months):] {
				earned += v
			}
		}
		at := slices.IndexFunc(flows.Cols, func(p plot.Party) bool { return p.Key == e.Key })
		for i := range flows.Rows {
			if at >= 0 {
				earned -= flows.Amounts[i][at]
			}
		}
		if earned <= 0 {
			continue
		}
		if at < 0 {
			at = len(flows.Cols)
			flows.Cols, line = append(flows.Cols, plot.Party{Key: e.Key, Label: e.Label}), append(line, 0)
			for i := range flows.Amounts {
				flows.Amounts[i] = append(flows.Amounts[i], 0)
			}
		}
		line[at] = earned
	}
	flows.Rows, flows.Amounts = append(flows.Rows, plot.Party{Key: "other", Label: "Other payers"}), append(flows.Amounts, line)
}

// computeUsers shows whose capacity labs use: what each has under contract and in service, its own, and the rest of what it
// uses.
func computeUsers(d *Data, w plot.Words) (*plot.Figure, error) {
	if !d.measures(measure.CapacityOwnUsed) {
		return nil, plot.ErrNoData // a result of a version that did not measure it
	}
	users := d.pairs(measure.DeliveredCapacity, 1)
	users.From, users.To = "User", "Owner"
	tied := len(users.Cols)
	users.Cols = append(users.Cols, plot.Party{Key: plot.Own, Label: "Own"}, plot.Party{Key: "other", Label: "Other"})
	for i := range users.Amounts {
		users.Amounts[i] = append(users.Amounts[i], 0, 0)
	}
	for _, lab := range d.series(measure.CapacityUsed, "lab") {
		i := slices.IndexFunc(users.Rows, func(p plot.Party) bool { return p.Key == lab.Key })
		if i < 0 {
			i = len(users.Rows)
			users.Rows, users.Amounts = append(users.Rows, plot.Party{Key: lab.Key, Label: lab.Label}), append(users.Amounts, make([]float64, tied+2))
		}
		own := d.last(d.find(lab.Key, measure.CapacityOwnUsed))
		rest := lab.Values[len(lab.Values)-1] - own
		for _, mw := range users.Amounts[i][:tied] {
			rest -= mw
		}
		users.Amounts[i][tied], users.Amounts[i][tied+1] = own, max(0, rest)
	}
	d.headAt(&w, plot.FlowTitle(plot.Claim{Verb: "rents from", Of: "of capacity"}, users),
		"Capacity that labs use in "+d.About.End.Words()+" by its owner, gigawatts of facility power; other: owners whom no contract and no stake joins with the lab")
	return users.Figure(w)
}

// capacityFlows shows from which owner capacity in service goes to which tenant whom a contract or a stake of the scenario joins
// with it, and how much serves the owner's own models, its other services, and all other tenants. Power goes one way, so nothing
// is in a loop.
func capacityFlows(d *Data, w plot.Words) (*plot.Figure, error) {
	if !d.measures(measure.CapacityLet) {
		return nil, plot.ErrNoData // a result of a version that did not measure it
	}
	k := plot.Sankey{Unit: unit.DimMW, Columns: []string{"Owner", "User"}}
	add := func(from, to plot.Node, mw float64) {
		if !(mw > 0) {
			return
		}
		for _, n := range []plot.Node{from, to} {
			if !slices.Contains(k.Nodes, n) {
				k.Nodes = append(k.Nodes, n)
			}
		}
		k.Flows = append(k.Flows, plot.Flow{From: from.Key, To: to.Key, Value: mw})
	}
	users := d.pairs(measure.DeliveredCapacity, 1)
	last := func(firm string, m measure.ID) float64 { return d.last(d.find(firm, m)) }
	total := 0.0
	for _, e := range d.About.Entities {
		total += last(e.Key, measure.CapacityEnergised)
	}
	for _, e := range d.About.Entities {
		live, own, let := last(e.Key, measure.CapacityEnergised), last(e.Key, measure.CapacityOwnUsed), last(e.Key, measure.CapacityLet)
		owner := plot.Node{Key: "owner:" + e.Key, Label: e.Label, Color: d.colorOf(e)}
		if let == 0 && live < smallOwner*total {
			owner = plot.Node{Key: "smaller", Label: "Smaller owners", Color: restColor}
		}
		others := let
		for _, tenant := range d.About.Entities {
			mw := users.Amount(tenant.Key, e.Key)
			add(owner, plot.Node{Key: "user:" + tenant.Key, Label: tenant.Label, Color: d.colorOf(tenant)}, mw)
			others -= mw
		}
		add(owner, plot.Node{Key: "models", Label: "Own models"}, own)
		add(owner, plot.Node{Key: "services", Label: "Other own use"}, live-own-let)
		add(owner, plot.Node{Key: "others", Label: "Others, spot"}, others)
	}
	if len(k.Flows) == 0 {
		return nil, plot.ErrNoData
	}
	d.headAt(&w, lettingTitle(users, total, d.About.End), "Capacity in service in "+d.About.End.Words()+", gigawatts of facility power; named are tenants whom a contract or a stake of the scenario joins with the owner, so labs use more in all; other own use includes what idles")
	return k.Figure(w)
}

// lettingTitle says how much of all capacity owners let to those whom the scenario joins with them, and which of it is the
// largest. It is not all that they let: labs sign with other owners too.
func lettingTitle(users plot.Matrix, total float64, end unit.Month) string {
	let, largest, words := 0.0, 0.0, ""
	for i, line := range users.Amounts {
		for j, mw := range line {
			let += mw
			if mw > largest {
				largest, words = mw, fmt.Sprintf(" by %s to %s", users.Cols[j].Label, users.Rows[i].Label)
			}
		}
	}
	show := func(mw float64) string { return plot.Format(mw, total, unit.DimMW) }
	if let == 0 {
		return fmt.Sprintf("Owners let none of their %s to firms tied to them in %d", show(total), end.Year())
	}
	return fmt.Sprintf("Owners let %s of %s to firms tied to them in %d, the largest part, %s,%s", show(let), show(total), end.Year(), show(largest), words)
}

// smallOwner is the part of all capacity below which an owner without tenants is not told apart.
const smallOwner = 0.01

// chipMakers shows on whose chips capacity runs.
func chipMakers(d *Data, w plot.Words) (*plot.Figure, error) {
	makers := d.series(measure.InstalledBase, "supplier")
	for i, s := range makers { // few makers have a colour of their own, and each is to be seen
		if s.Minor {
			makers[i].Color, makers[i].Minor = "", false
		}
		if record.IsRest(s.Key) {
			makers[i].Key = "other"
		}
	}
	theirs := slices.Clone(makers)
	for i, s := range theirs {
		theirs[i].Label = record.Possessive(s.Label)
	}
	d.head(&w, plot.TotalTitle("Chips in service", "draw", unit.DimMW, d.About.Start, theirs, nil), "AI capacity in service by the maker of its chips, gigawatts of facility power")
	return plot.Area{Start: d.About.Start, Focus: d.Focus, Unit: unit.DimMW, Series: makers}.Figure(w)
}

// stages shows capacity from what is announced to what stands.
func stages(d *Data, w plot.Words) (*plot.Figure, error) {
	var lines []plot.Series
	for _, s := range []struct {
		m     measure.ID
		label string
		role  string
	}{
		{measure.CapacityEnergised, "In service", "cloud"},
		{measure.CapacityUnderConstruction, "Under construction", "cloud"},
		{measure.CapacityAnnounced, "Announced", "cloud"},
		{measure.CapacityContracted, "Contracted by labs", "lab"},
	} {
		sum := plot.Series{Key: s.m.Def().Name, Label: s.label}
		for _, one := range d.series(s.m, s.role) {
			if sum.Values == nil {
				sum.Values = make([]float64, len(one.Values))
			}
			for t, v := range one.Values {
				sum.Values[t] += v
			}
		}
		if sum.Values != nil {
			lines = append(lines, sum)
		}
	}
	d.head(&w, stagesTitle(lines, d.About.End), "AI capacity of all owners, gigawatts of facility power", "announced includes under construction")
	return plot.Lines{Start: d.About.Start, Unit: unit.DimMW, Series: lines}.Figure(w)
}

// stagesTitle says how much is announced for each gigawatt that stands.
func stagesTitle(lines []plot.Series, end unit.Month) string {
	last := func(key string) float64 {
		i := slices.IndexFunc(lines, func(s plot.Series) bool { return s.Key == key })
		if i < 0 {
			return 0
		}
		return lines[i].Values[len(lines[i].Values)-1]
	}
	stands, announced := last(measure.CapacityEnergised.Def().Name), last(measure.CapacityAnnounced.Def().Name)
	if stands <= 0 {
		return "Nothing is in service"
	}
	return fmt.Sprintf("%s are in service in %d, and %s more are announced", plot.Format(stands, stands, unit.DimMW), end.Year(), plot.Format(announced, max(stands, announced), unit.DimMW))
}

// ownership shows the cap table of the company in focus, or of the most valuable one that is not listed: the lab whose
// holders the scenario knows. Stakes are measured of those alone whom an opening stake or a contract joins with the company: who
// else bought in rounds is among the rest and may hold more, so the title ranks nobody.
func ownership(d *Data, w plot.Words) (*plot.Figure, error) {
	company := d.company()
	if company == "" {
		return nil, plot.ErrNoData
	}
	o := plot.Ownership{Start: d.About.Start}
	for c, col := range d.Columns {
		if col.Metric != measure.Stake.Def().Name || col.With != company {
			continue
		}
		values := d.column(d.central(), c)
		if slices.Max(values) <= 0 {
			continue
		}
		for _, e := range d.About.Entities {
			if e.Key == col.Entity {
				o.Holders = append(o.Holders, plot.Series{Key: e.Key, Label: e.Label, Color: e.Color, Values: values})
			}
		}
	}
	for _, e := range d.Events {
		if sold, ok := reason(e, "sold"); e.Kind == "round" && e.Firm == company && ok {
			o.Rounds = append(o.Rounds, plot.Dilution{Month: e.Month, New: sold})
		}
	}
	named := slices.DeleteFunc(slices.Clone(o.Holders), func(s plot.Series) bool { return record.IsRest(s.Key) })
	if len(named) == 0 {
		return nil, plot.ErrNoData
	}
	largest := slices.MaxFunc(named, func(a, b plot.Series) int { return cmp.Compare(a.Values[len(a.Values)-1], b.Values[len(b.Values)-1]) })
	d.head(&w, plot.LeaderTitle(plot.Claim{Verb: "holds", Of: "of " + d.label(company)}, unit.DimShare, d.About.Start, []plot.Series{largest}),
		"Stakes in "+d.label(company)+" of firms with a contract or an opening stake")
	return o.Figure(w)
}

// company is the company in focus, or the most valuable one at the end of which holders are known and that has raised money,
// one that the scenario asks about before others.
func (d *Data) company() (key string) {
	raised := map[string]bool{}
	for _, e := range d.Events {
		raised[e.Firm] = raised[e.Firm] || e.Kind == "round"
	}
	if d.Focus != "" && raised[d.Focus] {
		return d.Focus
	}
	most, asked := 0.0, false
	for _, e := range d.About.Entities {
		values := d.column(d.central(), d.find(e.Key, measure.Valuation))
		if len(values) == 0 || !raised[e.Key] || asked && !d.names(e.Key) {
			continue
		}
		if worth := values[len(values)-1]; worth > most || !asked && d.names(e.Key) && worth > 0 {
			key, most, asked = e.Key, worth, d.names(e.Key)
		}
	}
	return key
}

// reason is a number that an event rested on.
func reason(e record.Event, name string) (float64, bool) {
	for _, r := range e.Why {
		if r.Name == name {
			return r.Value, true
		}
	}
	return 0, false
}
