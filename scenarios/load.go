package scenarios

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"iter"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/spf13/afero"

	"powerplay/sim"
	"powerplay/sim/contract"
	"powerplay/sim/firm"
	"powerplay/sim/id"
	"powerplay/sim/measure"
	"powerplay/sim/record"
	"powerplay/sim/rng"
	"powerplay/sim/rule"
	"powerplay/sim/shock"
	"powerplay/sim/unit"
)

// Study is a scenario made ready to run.
type Study struct {
	*Resolved
	Model   *sim.Model
	Inputs  []Input
	Jointly []int              // places of the inputs that a design spreads jointly, by dimension; -1 for one that is not drawn
	Axes    []Axis             // of a grid
	Table   Rows               // of a table of runs
	Ties    []Tie              // pairs of inputs that hang together
	Groups  []Group            // all that hang together, directly or not
	Expect  []BoundExpectation // conditions on single runs
	Pairs   []BoundExpectation // numbers compared between variants
	Ask     []BoundQuestion    // conditions whose probability is told
	Hash    string             // SHA-256 of the resolved scenario without its words, runs and seed, hex
}

// BoundExpectation is an expectation whose condition is tied to the model's columns.
type BoundExpectation struct {
	Expectation
	Compiled Compiled
}

// BoundQuestion is a question whose condition is tied to the model's columns.
type BoundQuestion struct {
	Question
	Compiled Compiled
}

// Load reads a scenario by file or library name, with a variant and the arguments of --set, checks it
// against the model and makes it ready to run. Problems come in file order; the study is nil if any of them
// is an error. With a variant or a --set the study departs from the scenario without them; see [Study.Depart].
func Load(fs afero.Fs, name, variant string, sets []string) (*Study, []Problem) {
	source := Source{FS: fs, Library: Library()}
	r, problems := source.Read(name, variant, sets)
	if r == nil || Errors(problems) > 0 && r.Tree == nil {
		return nil, problems
	}
	s := &Study{Resolved: r, Model: &sim.Model{}}
	found := s.compile()
	problems = r.Finish(append(problems, found...)) // sorted as a whole
	if Errors(problems) > 0 {
		return nil, problems
	}
	s.Hash = s.hash()
	if variant != "" || len(sets) > 0 {
		if base, _ := Load(fs, name, "", nil); base != nil {
			s.Depart(base)
		}
	}
	return s, problems
}

// ModelDecoder is the decoder that knows what a scenario can hold; tree may be nil for a schema.
func ModelDecoder(r *Resolved) *Decoder {
	d := &Decoder{}
	if r != nil {
		d = r.Decoder()
	}
	d.Kinds = map[reflect.Type]Kinds{
		reflect.TypeFor[contract.Clause](): clauses(), reflect.TypeFor[shock.Terms](): shocks(), reflect.TypeFor[rule.Terms](): instruments(),
	}
	return d
}

// clauses lists the contract mechanisms for the decoder.
func clauses() Kinds {
	var k Kinds
	for _, c := range contract.Kinds() {
		k = append(k, struct {
			Name string
			Doc  string
			New  func() any
		}{c.Name, c.Doc, func() any { return c.New() }})
	}
	return k
}

// shocks lists the kinds of shock for the decoder.
func shocks() Kinds {
	var k Kinds
	for _, s := range shock.Kinds() {
		k = append(k, struct {
			Name string
			Doc  string
			New  func() any
		}{s.Name, s.Doc, func() any { return s.New() }})
	}
	return k
}

// instruments lists those of regulation for the decoder.
func instruments() Kinds {
	var k Kinds
	for _, r := range rule.Kinds() {
		k = append(k, struct {
			Name string
			Doc  string
			New  func() any
		}{r.Name, r.Doc, func() any { return r.New() }})
	}
	return k
}

// compile decodes the tree into the model and ties conditions and inputs to it.
func (s *Study) compile() []Problem {
	d := ModelDecoder(s.Resolved)
	d.Decode(s.Tree, s.Model)
	s.blameDistributions(d.problems)
	if Errors(d.Problems()) > 0 {
		s.checkDrawn(d)
		return d.Problems()
	}
	s.check(d)
	sound := Errors(d.Problems()) == 0
	s.Inputs = s.Settle(d, s.Model)
	if sound {
		s.checkWords(d)
		s.checkNumbers(d)
	}
	s.settleDesign(d)
	s.settleDependence(d)
	exprs := s.parseExpect(d)
	numbers := s.parsePairs(d)
	asked := s.parseAsk(d)
	if Errors(d.Problems()) > 0 {
		return d.Problems()
	}
	m := s.Model
	pairs := sim.Pairs(m)
	add := func(more [][2]id.Firm) {
		for _, p := range more {
			if !slices.Contains(pairs, p) {
				pairs = append(pairs, p)
			}
		}
	}
	add(d.Pairs())
	for _, e := range slices.Concat(exprs, numbers, asked) {
		add(e.Pairs())
	}
	m.Layout = measure.NewLayout(len(m.Firms), len(m.Regions), pairs)
	d.Bind(m.Layout)
	for i, e := range exprs {
		s.Expect[i].Compiled = e.Bind(m.Layout)
	}
	for i, e := range numbers {
		s.Pairs[i].Compiled = e.Bind(m.Layout)
	}
	for i, e := range asked {
		s.Ask[i].Compiled = e.Bind(m.Layout)
	}
	return d.Problems()
}

// parseExpect parses the conditions of the expectations.
func (s *Study) parseExpect(d *Decoder) []*Expr {
	var exprs []*Expr
	for i, x := range s.Header.Expect {
		if s.compares(i) || x.That.Node == nil { // missing, as the header's problems say
			continue
		}
		e, faults := parseStatement(x.That.Text, d.Names)
		d.Faults(x.That.Node, faults)
		if e != nil {
			s.checkReach(d, x.That.Node, e)
			exprs = append(exprs, e)
			s.Expect = append(s.Expect, BoundExpectation{Expectation: x})
		}
	}
	return exprs
}

// compares tells whether an expectation is about two variants, even if it does not say how they compare in a word that there
// is.
func (s *Study) compares(i int) bool { return childrenOf(s.meta.Child("expect"))[i].Child("is") != nil }

// parseAsk parses the conditions whose probability is asked.
func (s *Study) parseAsk(d *Decoder) []*Expr {
	var exprs []*Expr
	for _, q := range s.Header.Ask {
		if q.That.Node == nil {
			continue // missing, as the header's problems say
		}
		e, faults := parseStatement(q.That.Text, d.Names)
		d.Faults(q.That.Node, faults)
		if e != nil {
			if q.Name == "" {
				q.Name = q.That.Text
			}
			s.checkReach(d, q.That.Node, e)
			exprs = append(exprs, e)
			s.Ask = append(s.Ask, BoundQuestion{Question: q})
		}
	}
	return exprs
}

// parsePairs parses the numbers that expectations compare between variants.
func (s *Study) parsePairs(d *Decoder) []*Expr {
	var exprs []*Expr
	for _, x := range s.Header.Expect {
		if x.Is == "" || x.That.Node == nil {
			continue
		}
		for _, v := range []string{x.In, x.Than} {
			if v != "" && !slices.Contains(s.Variants, v) {
				d.Fault(x.That.Node, "", "E402", fmt.Sprintf("the expectation names a variant that does not exist: %s", quote(v)), "", hintName(v, s.Variants, "variants", ""))
			}
		}
		if x.In == x.Than {
			d.Fault(x.That.Node, "", "E402", "the expectation compares a variant with itself", "", "name two variants; the file itself needs no name")
		}
		e, faults := ParseValue(x.That.Text, d.Names)
		d.Faults(x.That.Node, faults)
		if e != nil {
			s.checkReach(d, x.That.Node, e)
			exprs = append(exprs, e)
			s.Pairs = append(s.Pairs, BoundExpectation{Expectation: x})
		}
	}
	return exprs
}

// checkReach warns of what needs a month that the run does not come to. An end given by --set is meant to cut off: the run
// says afterwards what it could not judge.
func (s *Study) checkReach(d *Decoder, at *Node, e *Expr) {
	end := s.Tree.Child("end")
	last := max(e.At, e.By)
	if last <= s.Model.End || end == nil || strings.HasPrefix(end.Origin.Note, "--set") {
		return
	}
	path, _ := pathTo(s.meta, at)
	d.problems = append(d.problems, Problem{
		Code: "W404", Severity: Warning, Origin: at.Origin, Path: path, Width: widthOf(at),
		What: fmt.Sprintf("the condition needs %v, and the run ends in %v: nothing can be said of it", last, s.Model.End),
		Hint: "name a month up to the end, or give a later `end`", Also: also(end.Origin, "the end"),
	})
}

// check reports what single values cannot show: keys that name nobody, shares that do not add up, contracts
// with firms that lack the role they need.
func (s *Study) check(d *Decoder) {
	m := s.Model
	firms := s.Tree.Child("firms")
	known := firms.Keys()
	for i := range m.Firms {
		f := &m.Firms[i]
		at := firms.Child(f.Key)
		for _, k := range f.Stakes {
			if !slices.Contains(known, k.Key) {
				d.Fault(at.At("stakes."+k.Key), "", "E402", fmt.Sprintf("%s holds shares of a firm that does not exist: %s", quote(f.Key), quote(k.Key)), "", hintName(k.Key, known, "firms", listing("firms")))
			}
		}
		if f.Cloud != nil {
			s.checkCloud(d, i, at.Child("cloud"))
		}
	}
	if b := &m.Market.Build; b.ChipShare > b.ITShare {
		what := fmt.Sprintf("chips take %s of the cost of a site, and all its equipment %s", Format(float64(b.ChipShare), unit.DimShare), Format(float64(b.ITShare), unit.DimShare))
		d.Fault(s.Tree, "market.build.chip_share", "E409", what, "chips are part of the equipment that it_share counts", "give a chip_share of at most it_share")
	}
	if m.End <= m.Start {
		d.Fault(s.Tree, "end", "E406", fmt.Sprintf("the run ends (%v) before it starts (%v)", m.End, m.Start), "", "give a later end")
	}
	contracts := s.Tree.Child("contracts")
	for i := range m.Contracts {
		s.checkContract(d, i, contracts.Child(m.Contracts[i].Key))
	}
	shocks := s.Tree.Child("shocks")
	for i := range m.Shocks {
		s.checkShock(d, &m.Shocks[i], shocks.Child(m.Shocks[i].Key))
	}
	s.checkClashes(d, contracts)
	s.checkRules(d)
	s.checkStakes(d, firms)
}

// blameDistributions rewords problems with a value that nobody wrote: the median of a distribution, where the field takes
// words and the distribution gives numbers, or the other way round.
func (s *Study) blameDistributions(problems []Problem) {
	for i := range problems {
		p := &problems[i]
		k := slices.IndexFunc(s.Uncertain, func(u Uncertain) bool { return u.Path == p.Path && u.Origin == p.Origin })
		if k < 0 {
			continue
		}
		switch words := strings.HasPrefix(s.Uncertain[k].Text, "one of "); {
		case words && p.Code == "E301":
			p.Code, p.What, p.Hint = "E305", quote(p.Path)+" is a number, and words are given", "write `choice(1, 2, 5)` for equal chances"
		case !words && (p.Code == "E309" || p.Code == "E313"):
			p.Code, p.What, p.Hint = "E305", quote(p.Path)+" is no number, but a word of a list or a switch", "write `one of [...]`; "+p.Hint
		}
	}
}

// checkWords reports words that runs may draw and with which the model could not stand. Words are tried one input at a
// time, the others at what the central run takes.
func (s *Study) checkWords(d *Decoder) {
	for _, in := range s.Inputs {
		for i, place := range in.places() {
			in.Target.Choose(s.Model, place)
			probe := *d
			probe.problems = nil
			s.check(&probe)
			for _, p := range probe.problems {
				if strings.HasPrefix(p.Code, "E") {
					p.Origin, p.Path, p.Width = in.Origin, in.Path, 0
					p.What = fmt.Sprintf("where %s is %s: %s", quote(in.Path), quote(in.Distribution.Words[i]), p.What)
					d.problems = append(d.problems, p)
				}
			}
		}
		if in.Distribution.Words != nil {
			in.Target.Choose(s.Model, slices.Index(in.Target.Words, in.Distribution.central()))
		}
	}
}

// checkNumbers reports numbers of a contract, a shock or a rule that runs may draw and with which it could not stand: all
// corners of what all but one draw in a thousand on either side reach, or each number by itself where there are many.
func (s *Study) checkNumbers(d *Decoder) {
	const rare, most = 1e-3, 6
	entries := map[string][]Input{}
	var keys []string
	for _, in := range s.Inputs {
		steps, _ := parsePath(in.Path)
		if in.Distribution.Words == nil && len(steps) > 2 && slices.Contains([]string{"contracts", "shocks", "regulation"}, steps[0].key) {
			key := stepsPath(steps[:2])
			if entries[key] == nil {
				keys = append(keys, key)
			}
			entries[key] = append(entries[key], in)
		}
	}
	for _, key := range keys {
		inputs := entries[key]
		for corner := range corners(len(inputs), most) {
			for i, in := range inputs {
				in.Target.Set(s.Model, in.Distribution.Quantile([]float64{rare, 0.5, 1 - rare}[corner[i]]))
			}
			if fault := s.Model.Faulty(); fault != nil {
				s.blameDraw(d, inputs, fault)
				break
			}
		}
		for _, in := range inputs {
			in.Target.Set(s.Model, in.Distribution.Median)
		}
	}
}

// corners lists what each of n numbers takes: its low end, 0, or its high end, 2. With more than most numbers one at a time
// takes an end, and the others their middle, 1.
func corners(n, most int) iter.Seq[[]int] {
	return func(yield func([]int) bool) {
		if n <= most {
			at := make([]int, n)
			for k := range 1 << n {
				for i := range at {
					at[i] = 2 * (k >> i & 1)
				}
				if !yield(at) {
					return
				}
			}
			return
		}
		for i := range n {
			for _, end := range []int{0, 2} {
				at := slices.Repeat([]int{1}, n)
				at[i] = end
				if !yield(at) {
					return
				}
			}
		}
	}
}

// blameDraw reports a fault at the first of the numbers without whose draw it would not be there.
func (s *Study) blameDraw(d *Decoder, inputs []Input, fault *sim.DrawError) {
	var guilty []Input
	var drawn []string
	for _, in := range inputs {
		x := in.Target.Get(s.Model)
		in.Target.Set(s.Model, in.Distribution.Median)
		if s.Model.Faulty() != nil {
			continue
		}
		in.Target.Set(s.Model, x)
		guilty = append(guilty, in)
		drawn = append(drawn, quote(in.Path)+" is "+drawnText(x, in.Target.Dim))
	}
	d.problems = append(d.problems, Problem{
		Code: "E414", Origin: guilty[0].Origin, Path: guilty[0].Path,
		What: fmt.Sprintf("runs may draw what cannot stand: where %s, %s %s", strings.Join(drawn, " and "), quote(fault.Path), fault.What),
		Hint: "give a distribution that keeps clear of it, such as `uniform(low, high)`",
	})
}

// drawnText writes a number with the three digits that a message needs of it, and a date whole.
func drawnText(x float64, dim unit.Dimension) string {
	if dim != unit.DimMonth {
		x, _ = strconv.ParseFloat(strconv.FormatFloat(x, 'g', 3, 64), 64)
	}
	return Format(x, dim)
}

func (s *Study) checkCloud(d *Decoder, i int, at *Node) {
	m := s.Model
	c := m.Firms[i].Cloud
	total := 0.0
	for _, r := range c.Regions {
		if _, ok := m.FindRegion(r.Key); !ok {
			d.Fault(at.At("regions."+r.Key), "", "E402", fmt.Sprintf("region %s does not exist", quote(r.Key)), "", hintName(r.Key, s.Tree.Child("regions").Keys(), "regions", listing("regions")))
		}
		total += float64(r.Share)
	}
	if total < 0.999 || total > 1.001 {
		d.Fault(at, "regions", "E409", fmt.Sprintf("the shares of regions sum to %s, not 100%%", Format(total, unit.DimShare)), "", "")
	}
	total = 0
	for _, k := range c.Chips {
		f, ok := m.Find(k.Key)
		if !ok || m.Firms[f].Supplier == nil {
			d.Fault(at.At("chips."+k.Key), "", "E402", fmt.Sprintf("%s is no firm that makes chips", quote(k.Key)), "", "name a firm with a supplier block")
		}
		total += float64(k.Share)
	}
	if total < 0.999 || total > 1.001 {
		d.Fault(at, "chips", "E409", fmt.Sprintf("the shares of chip makers sum to %s, not 100%%", Format(total, unit.DimShare)), "", "")
	}
}

func (s *Study) checkContract(d *Decoder, i int, at *Node) {
	m := s.Model
	c := &m.Contracts[i]
	for _, r := range c.Terms.Roles() {
		s.checkRole(d, at, r, "clause")
	}
	for _, f := range c.Terms.Faults() {
		d.Fault(at, f.Term, "E410", quote(f.Term)+": "+f.What, f.Why, f.Hint)
	}
	for _, f := range c.Misdated() {
		d.Fault(at, f.Term, "E407", f.What, f.Why, f.Hint)
	}
	s.checkSites(d, i, at)
	s.checkAmends(d, i, at)
}

// checkSites reports power and chips that no site could ever take.
func (s *Study) checkSites(d *Decoder, i int, at *Node) {
	m, c := s.Model, &s.Model.Contracts[i]
	switch terms := c.Terms.(type) {
	case contract.Feeder:
		f := terms.Feed(c.Signed)
		cloud := m.Firms[f.Buyer].Cloud
		region := m.Regions[f.Region].Key
		builds := func(r firm.RegionShare) bool { return r.Key == region && r.Share > 0 }
		if cloud != nil && !slices.ContainsFunc(cloud.Regions, builds) {
			d.Fault(at, "region", "E410", fmt.Sprintf("%s builds nothing in %s", quote(m.Firms[f.Buyer].Key), quote(region)), "the power would be paid for and never drawn", "name a region of its cloud, or give that one a share")
		}
	case contract.Allocator:
		a := terms.Allot(c.Signed)
		maker, buyer := m.Firms[a.Maker].Supplier, &m.Firms[a.Buyer]
		if maker != nil && maker.OwnOnly && buyer.Cloud != nil && a.Maker != a.Buyer {
			d.Fault(at, "maker", "E410", fmt.Sprintf("%s ships only to its own cloud", quote(m.Firms[a.Maker].Key)), "no site of the buyer could take the chips", "name a lab that the cloud serves, or set own_only of the maker to false")
		}
	}
}

// checkShock reports terms of a shock that cannot stand.
func (s *Study) checkShock(d *Decoder, x *shock.Shock, at *Node) {
	for _, r := range x.Terms.Roles() {
		s.checkRole(d, at, contract.Role(r), "shock")
	}
	for _, f := range x.Terms.Faults() {
		d.Fault(at, f.Term, "E410", quote(f.Term)+": "+f.What, f.Why, f.Hint)
	}
	if o, ok := x.Terms.(*shock.Outage); ok && o.Cloud != id.None && o.Region != id.NoRegion {
		s.checkOutage(d, o, at)
	}
}

// checkOutage reports an outage where its cloud has nothing.
func (s *Study) checkOutage(d *Decoder, o *shock.Outage, at *Node) {
	f, region := &s.Model.Firms[o.Cloud], s.Model.Regions[o.Region].Key
	if f.Cloud != nil && !slices.ContainsFunc(f.Cloud.Regions, func(r firm.RegionShare) bool { return r.Key == region }) {
		d.Fault(at, "region", "E410", fmt.Sprintf("%s has no capacity in %s", quote(f.Key), quote(region)), "nothing would go dark", "name a region of its cloud block")
	}
}

// checkRole reports a firm that is not what a clause or a shock needs it to be.
func (s *Study) checkRole(d *Decoder, at *Node, r contract.Role, what string) {
	m := s.Model
	if r.Firm == id.None || slices.ContainsFunc(r.AnyOf, func(role string) bool { return m.Firms[r.Firm].Has(role) }) {
		return
	}
	key := m.Firms[r.Firm].Key
	d.Fault(at, r.Term, "E408", fmt.Sprintf("%s has no %s role, which this %s needs", quote(key), strings.Join(r.AnyOf, " or "), what), "", fmt.Sprintf("give firms.%s a %s block, or name another firm", key, r.AnyOf[0]))
}

// checkAmends reports contracts that end another which they cannot follow.
func (s *Study) checkAmends(d *Decoder, i int, at *Node) {
	m := s.Model
	c := &m.Contracts[i]
	older := func(term string, k id.Contract) bool {
		old := &m.Contracts[k]
		switch {
		case int(k) == i:
			d.Fault(at, term, "E412", fmt.Sprintf("%s ends itself", quote(c.Key)), "", "name the older contract")
		case old.Signed >= c.Signed:
			d.Fault(at, term, "E412", fmt.Sprintf("%s is signed (%v) no earlier than %s (%v)", quote(old.Key), old.Signed, quote(c.Key), c.Signed), "what is amended or replaced must be in force before", "swap the two, or correct a date")
		default:
			return true
		}
		return false
	}
	for n, k := range c.Replaces {
		older(fmt.Sprintf("replaces[%d]", n), k)
	}
	if c.Amends == nil || !older("amends", *c.Amends) {
		return
	}
	old := &m.Contracts[*c.Amends]
	if old.Kind != c.Kind || !slices.Equal(old.Terms.Parties(), c.Terms.Parties()) {
		d.Fault(at, "amends", "E412", fmt.Sprintf("%s is another kind of contract, or has other parties", quote(old.Key)), "its payments could not carry over", "use `replaces` to end it")
	}
	for k := range m.Contracts[:i] {
		if a := m.Contracts[k].Amends; a != nil && *a == *c.Amends {
			d.Fault(at, "amends", "E412", fmt.Sprintf("%s is amended by %s too", quote(old.Key), quote(m.Contracts[k].Key)), "a contract goes on under one set of terms", "amend the later one")
		}
	}
}

// checkClashes reports contracts that promise the same thing to different firms: an error, unless one of them states that
// it goes before the other.
func (s *Study) checkClashes(d *Decoder, contracts *Node) {
	m := s.Model
	for _, c := range contract.Clashes(m.Contracts) {
		a, b := &m.Contracts[c.First], &m.Contracts[c.Second]
		n := contracts.Child(b.Key)
		until := ""
		if c.To != contract.Never {
			until = " until " + c.To.String()
		}
		p := Problem{
			Code: "E411", Origin: n.KeyAt, Path: joinPath("contracts", b.Key), Width: utf8.RuneCountInString(b.Key),
			What: fmt.Sprintf("%s and %s promise the same thing to different firms, from %v%s", quote(a.Key), quote(b.Key), c.From, until),
			Why:  "only one of two firms can be the only one, or be asked first",
			Hint: "end one earlier, carve the other's holder out, or give the one that holds a higher `precedence`",
			Also: also(contracts.Child(a.Key).KeyAt, "the other"),
		}
		if a.Precedence != b.Precedence {
			first := a
			if b.Precedence > a.Precedence {
				first = b
			}
			p.Code, p.Severity, p.Why = "W402", Warning, ""
			p.Hint = fmt.Sprintf("%s holds, by its precedence; `allow: [W402]` accepts this", quote(first.Key))
		}
		d.problems = append(d.problems, p)
	}
}

// checkStakes reports companies that are sold more than once.
func (s *Study) checkStakes(d *Decoder, firms *Node) {
	sum := map[string]float64{}
	for i := range s.Model.Firms {
		for _, k := range s.Model.Firms[i].Stakes {
			sum[k.Key] += float64(k.Share)
		}
	}
	for _, key := range firms.Keys() {
		if sum[key] > 1.0001 {
			d.Fault(firms.Child(key), "", "E409", fmt.Sprintf("stakes in %s sum to %s", quote(key), Format(sum[key], unit.DimShare)), "a firm can be sold only once", "")
		}
	}
}

// hash names the resolved model: what would change a run, and nothing else.
func (s *Study) hash() string {
	h := sha256.New()
	h.Write(Encode(s.Tree))
	for _, in := range s.Inputs {
		fmt.Fprintf(h, "%s = %s\n", in.Path, in.Distribution.Text)
	}
	for _, t := range s.Ties {
		fmt.Fprintf(h, "%s and %s: %g\n", s.Inputs[t.A].Path, s.Inputs[t.B].Path, t.Rank)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// luckPath names an input by the keys whose luck its firms have: a firm that is renamed and keeps its luck keeps the
// draws of its numbers too.
func luckPath(m *sim.Model, path string) string {
	steps, _ := parsePath(path)
	for i := 1; i < len(steps); i++ {
		switch steps[i-1].key {
		case "firms", "stakes", "chips":
			if f, ok := m.Find(steps[i].key); ok && m.Firms[f].Luck != "" {
				steps[i].key = m.Firms[f].Luck
			}
		}
	}
	return stepsPath(steps)
}

// places are those that the words of a draw have in the list of its field.
func (in Input) places() []int {
	var all []int
	for _, w := range in.Distribution.Words {
		all = append(all, slices.Index(in.Target.Words, w))
	}
	return all
}

// SimInputs gives the engine its inputs.
func (s *Study) SimInputs() []sim.Input {
	out := make([]sim.Input, len(s.Inputs))
	for i, in := range s.Inputs {
		target := in.Target
		set := func(m *sim.Model, x float64) { target.Set(m, x) }
		if in.Distribution.Words != nil {
			places := in.places()
			set = func(m *sim.Model, x float64) { target.Choose(m, places[int(x)]) }
		}
		out[i] = sim.Input{
			Path: in.Path, Quantile: in.Distribution.Quantile, Central: in.Distribution.Median, Luck: rng.Luck(luckPath(s.Model, in.Path)), Set: set,
		}
	}
	return out
}

// About gathers what a report must be told of the scenario.
func (s *Study) About(seed uint64, runs int) record.About {
	a := record.About{
		Scenario: s.Header.Name, Variant: s.Variant, Title: s.Header.Title, Question: s.Header.Question, Hash: s.Hash, Seed: seed, Runs: runs,
		Design: s.DesignText(runs),
		Start:  s.Model.Start, End: s.Model.End, Assumptions: s.assumptions(),
	}
	for i := range s.Model.Firms {
		f := &s.Model.Firms[i]
		a.Entities = append(a.Entities, record.Entity{Key: f.Key, Label: f.Name, Color: f.Color, Roles: f.Roles()})
	}
	ends := contract.Ends(s.Model.Contracts, nil)
	for i := range s.Model.Contracts {
		a.Contracts = append(a.Contracts, s.aboutContract(&s.Model.Contracts[i], ends[i]))
	}
	for i := range s.Model.Regions {
		a.Entities = append(a.Entities, record.Entity{Key: s.Model.Regions[i].Key, Label: s.Model.Regions[i].Name, Roles: "region"})
	}
	return a
}

// aboutContract gathers what charts tell of a contract that can act until a month.
func (s *Study) aboutContract(c *contract.Contract, until unit.Month) record.Contract {
	a := record.Contract{Key: c.Key, Kind: c.Kind, Signed: c.Signed}
	if until != contract.Never {
		a.Until = until
	}
	for i, f := range c.Terms.Parties() {
		if f != id.None && i < 2 {
			*[]*string{&a.From, &a.To}[i] = s.Model.Firms[f].Key
		}
	}
	if m, ok := c.Terms.(*contract.MilestoneFunding); ok {
		for i := range m.Tranches {
			a.Tranches = append(a.Tranches, m.Tranches[i].By)
		}
	}
	return a
}

// assumptions lists every number that has a source or is uncertain, in the order of their paths.
func (s *Study) assumptions() []record.Assumption {
	d := ModelDecoder(s.Resolved)
	at := map[string]int{}
	var out []record.Assumption
	for _, f := range s.Facts {
		t, err := d.Resolve(s.Model, f.Path)
		if err != nil || t.Words != nil {
			continue
		}
		x := t.Get(s.Model)
		a := record.Assumption{Path: f.Path, Value: x, Low: x, High: x, Unit: t.Dim, Grade: f.Grade, Source: f.Source, Note: f.Note}
		if i, twice := at[f.Path]; twice { // a later table of facts goes before an older one
			out[i] = a
			continue
		}
		at[f.Path] = len(out)
		out = append(out, a)
	}
	for input, in := range s.Inputs {
		i, ok := at[in.Path]
		if !ok {
			i = len(out)
			grade := in.Grade
			if grade == "" {
				grade = "assumption"
			}
			out = append(out, record.Assumption{Path: in.Path, Unit: in.Target.Dim, Grade: grade, Source: in.Source, Note: in.Note})
		}
		out[i].Value, out[i].Low, out[i].High, out[i].Drawn = in.Distribution.Median, in.Distribution.P05, in.Distribution.P95, s.Draws(input)
		if in.Distribution.Words != nil { // words are no quantity
			out[i].Value, out[i].Low, out[i].High = math.NaN(), math.NaN(), math.NaN()
			out[i].Note = strings.TrimSuffix(in.Distribution.Text+"; "+out[i].Note, "; ")
		}
	}
	slices.SortStableFunc(out, func(a, b record.Assumption) int { return strings.Compare(a.Path, b.Path) })
	return slices.CompactFunc(out, func(a, b record.Assumption) bool { return a.Path == b.Path })
}
