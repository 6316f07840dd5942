package contract

import (
	"slices"
	"strings"
	"testing"

	"powerplay/sim/id"
	"powerplay/sim/market"
	"powerplay/sim/measure"
	"powerplay/sim/unit"
)

func TestPartsAreSettledOneByOne(t *testing.T) {
	var s State
	for _, i := range []int{0, 3, 63} {
		s.Settle(i)
	}
	for i := range 64 {
		if got, want := s.Settled(i), i == 0 || i == 3 || i == 63; got != want {
			t.Errorf("part %d settled: %v, want %v", i, got, want)
		}
	}
}

// phases lists the phases that a clause acts in.
func phases(c Clause) string {
	var p []string
	add := func(ok bool, name string) {
		if ok {
			p = append(p, name)
		}
	}
	_, opens := c.(Opener)
	_, reserves := c.(Reserver)
	_, holds := c.(Holder)
	_, calls := c.(Callable)
	_, credits := c.(Crediter)
	_, prepays := c.(Prepayer)
	_, bills := c.(Biller)
	_, tests := c.(Tester)
	_, commits := c.(Committer)
	_, excludes := c.(Excluder)
	add(opens, "open")
	add(reserves, "reserve")
	add(holds, "hold")
	add(excludes, "exclude")
	add(calls, "call")
	add(credits, "credit")
	add(prepays, "prepay")
	add(bills, "bill")
	add(tests, "test")
	add(commits, "commit")
	_, allots := c.(Allocator)
	add(allots, "allot")
	_, feeds := c.(Feeder)
	add(feeds, "feed")
	_, recruits := c.(Recruiter)
	add(recruits, "recruit")
	_, distributes := c.(Distributor)
	add(distributes, "distribute")
	_, lends := c.(Debtor)
	add(lends, "lend")
	return strings.Join(p, " ")
}

func TestEachMechanismActsInItsPhases(t *testing.T) {
	want := map[string]string{
		"equity-round":         "open test",
		"milestone-funding":    "open test lend",
		"convertible-note":     "open test lend",
		"warrants":             "test",
		"first-refusal":        "hold",
		"exclusivity":          "exclude",
		"compute-credits":      "open credit test",
		"take-or-pay":          "open prepay bill commit",
		"capacity-reservation": "open reserve call prepay bill",
		"revenue-share":        "bill",
		"power-agreement":      "open bill feed",
		"chip-supply":          "open bill allot",
		"cost-plan":            "bill recruit",
		"lease-pipeline":       "reserve",
		"backstop":             "bill",
		"distribution":         "bill distribute",
		"joint-venture":        "open",
		"loan":                 "open bill lend",
		"guarantee":            "",
	}
	seen := map[string]bool{}
	for _, k := range Kinds() {
		if got := phases(k.New()); got != want[k.Name] {
			t.Errorf("%s acts in %q, want %q: mend the table above, or the clause", k.Name, got, want[k.Name])
		}
		if seen[k.Name] || k.Doc == "" {
			t.Errorf("%s is listed twice or has no description (%q)", k.Name, k.Doc)
		}
		seen[k.Name] = true
		if k.New() == k.New() {
			t.Errorf("two contracts of kind %s share their terms", k.Name)
		}
		if len(k.New().Faults()) == 0 {
			t.Errorf("%s without any terms has no fault", k.Name)
		}
	}
	if len(seen) != len(want) {
		t.Errorf("%d mechanisms, and %d in the table", len(seen), len(want))
	}
}

func TestPartiesStandWithTheOneThatPromisesFirst(t *testing.T) {
	tests := []struct {
		kind string
		c    Clause
		want []id.Firm
	}{
		{"take-or-pay: the buyer", &TakeOrPay{Buyer: lab, Seller: cloud}, []id.Firm{lab, cloud}},
		{"capacity-reservation: the buyer", &CapacityReservation{Buyer: lab, Seller: cloud}, []id.Firm{lab, cloud}},
		{"backstop: the guarantor, then the cloud and the tenant", &Backstop{Guarantor: fund, Cloud: cloud, Tenant: lab}, []id.Firm{fund, cloud, lab}},
		{"lease-pipeline: the tenant", &LeasePipeline{Tenant: lab, Landlord: cloud}, []id.Firm{lab, cloud}},
		{"revenue-share: the payer", &RevenueShare{Payer: lab, Payee: cloud}, []id.Firm{lab, cloud}},
		{"distribution: the lab", &Distribution{Lab: lab, Channel: cloud}, []id.Firm{lab, cloud}},
		{"first-refusal: the lab", &FirstRefusal{Holder: cloud, Lab: lab}, []id.Firm{lab, cloud}},
		{"exclusivity: the lab", &Exclusivity{Holder: cloud, Lab: lab}, []id.Firm{lab, cloud}},
		{"compute-credits: the seller", &ComputeCredits{Seller: cloud, Lab: lab}, []id.Firm{cloud, lab}},
		{"milestone-funding: the investor", &MilestoneFunding{Investor: cloud, Company: lab}, []id.Firm{cloud, lab}},
		{"convertible-note: the investor", &ConvertibleNote{Investor: cloud, Company: lab}, []id.Firm{cloud, lab}},
		{"warrants: the issuer", &Warrants{Issuer: rival, Holder: lab}, []id.Firm{rival, lab}},
		{"joint-venture: the venture, then its members", goodVenture(), []id.Firm{cloud, lab, fund}},
		{"loan: the borrower", goodLoan(), []id.Firm{lab, fund}},
		{"loan of lenders outside the model", but(goodLoan(), func(c *Lending) { c.Lender = id.None }), []id.Firm{lab}},
		{"guarantee: the guarantor", goodGuarantee(), []id.Firm{fund, lab, cloud}},
		{"equity-round: the company, then its investors", &EquityRound{Company: lab, Lead: cloud, Syndicate: []id.Firm{rival, fund}}, []id.Firm{lab, cloud, rival, fund}},
	}
	for _, tt := range tests {
		if got := tt.c.Parties(); !slices.Equal(got, tt.want) {
			t.Errorf("%s: parties %v, want %v", tt.kind, got, tt.want)
		}
	}
}

// Terms without a fault.
func goodTakeOrPay() *TakeOrPay {
	return &TakeOrPay{Buyer: lab, Seller: cloud, Commitment: unit.Dollars(100), Starts: start, Term: 12, Ramp: 12, Floor: 1}
}

func goodReservation() *CapacityReservation {
	return &CapacityReservation{Buyer: lab, Seller: cloud, Capacity: 100, Starts: start, Ramp: 12, Term: 12}
}

func goodOption() CallOption {
	return CallOption{Capacity: 50, Rent: 9e9, Until: start + 24, Lead: 6, Fee: 0.1}
}

func goodCredits() *ComputeCredits {
	return &ComputeCredits{Seller: cloud, Lab: lab, Amount: unit.Dollars(100), Expiry: 12}
}

func goodRound() *EquityRound {
	return &EquityRound{Company: lab, Lead: cloud, LeadShare: 1, Amount: unit.Dollars(100), PreMoney: unit.Dollars(900), Closes: start}
}

func goodRefusal() *FirstRefusal { return &FirstRefusal{Holder: cloud, Lab: lab, Notice: 24} }

func goodExclusivity() *Exclusivity {
	return &Exclusivity{Holder: cloud, Lab: lab, Object: "compute", Scope: "full", Workload: "all", LeastShare: 0.5}
}

func goodShare() *RevenueShare { return &RevenueShare{Payer: lab, Payee: cloud, Rate: 1, Sold: 1} }

func goodFunding() *MilestoneFunding {
	never := measure.Test{Holds: func(*measure.Panel) bool { return false }}
	return &MilestoneFunding{Investor: cloud, Company: lab, Tranches: []Tranche{{Amount: 100, When: never, By: start}, {Amount: 100, When: never, By: start}}}
}

func goodNote() *ConvertibleNote {
	return &ConvertibleNote{
		Investor: cloud, Company: lab, Draws: []Draw{{start, unit.Dollars(100)}, {start + 6, unit.Dollars(50)}}, OwnershipCap: 1, AtMaturity: "roll",
	}
}

func goodWarrants() *Warrants {
	return &Warrants{Issuer: rival, Holder: lab, Share: 0.1, Expires: start + 12, Tranches: []Vesting{{Part: 0.25}, {Part: 0.75}}}
}

// steps is a reservation with a schedule.
func steps(s ...Delivery) *CapacityReservation {
	return but(goodReservation(), func(c *CapacityReservation) { c.Ramp, c.Schedule = 1, s })
}

// optional is a reservation with an option of which something is changed.
func optional(change func(*CallOption)) *CapacityReservation {
	return but(goodReservation(), func(c *CapacityReservation) {
		c.Option = goodOption()
		change(&c.Option)
	})
}

// but changes one term.
func but[C any](c *C, change func(*C)) *C {
	change(c)
	return c
}

// termed is a clause and its terms at fault.
type termed struct {
	name string
	c    Clause
	want []string
}

func badNotes() []termed {
	return []termed{
		{"a note", goodNote(), nil},
		{"without a payment", but(goodNote(), func(c *ConvertibleNote) { c.Draws = nil }), []string{"draws"}},
		{"of nothing", but(goodNote(), func(c *ConvertibleNote) { c.Draws[1].Amount = 0 }), []string{"draws[1].amount"}},
		{"to oneself", but(goodNote(), func(c *ConvertibleNote) { c.Company = cloud }), []string{"company"}},
		{"that gives its shares away", but(goodNote(), func(c *ConvertibleNote) { c.Discount = 1 }), []string{"discount"}},
		{"that may never convert", but(goodNote(), func(c *ConvertibleNote) { c.OwnershipCap = 0 }), []string{"ownership_cap"}},
		{"that pays after it is due", but(goodNote(), func(c *ConvertibleNote) { c.Matures = start + 6 }), []string{"draws[1].on"}},
		{"repaid at no date", but(goodNote(), func(c *ConvertibleNote) { c.AtMaturity = "repay" }), []string{"at_maturity"}},
		{"converted at no price", but(goodNote(), func(c *ConvertibleNote) { c.AtMaturity, c.Matures = "convert", start+12 }), []string{"at_maturity"}},
		{"converted at a cap", but(goodNote(), func(c *ConvertibleNote) { c.AtMaturity, c.Matures, c.ValuationCap = "convert", start+12, 1 }), nil},
		{"with negative limits", but(goodNote(), func(c *ConvertibleNote) { c.ValuationCap, c.MinRound = -1, -1 }), []string{"valuation_cap", "min_round"}},
	}
}

func badWarrants() []termed {
	return []termed{
		{"warrants", goodWarrants(), nil},
		{"on a number of shares", but(goodWarrants(), func(c *Warrants) { c.Share, c.Shares, c.Total = 0, 160e6, 1.6e9 }), nil},
		{"on both", but(goodWarrants(), func(c *Warrants) { c.Shares, c.Total = 160e6, 1.6e9 }), []string{"share"}},
		{"on neither", but(goodWarrants(), func(c *Warrants) { c.Share = 0 }), []string{"share"}},
		{"on shares of no total", but(goodWarrants(), func(c *Warrants) { c.Share, c.Shares = 0, 160e6 }), []string{"share"}},
		{"on all of the issuer", but(goodWarrants(), func(c *Warrants) { c.Share = 1 }), []string{"share"}},
		{"on oneself", but(goodWarrants(), func(c *Warrants) { c.Holder = rival }), []string{"holder"}},
		{"without tranches", but(goodWarrants(), func(c *Warrants) { c.Tranches = nil }), []string{"tranches"}},
		{"of which a part never vests", but(goodWarrants(), func(c *Warrants) { c.Tranches[1].Part = 0.5 }), []string{"tranches"}},
		{"with a part of nothing", but(goodWarrants(), func(c *Warrants) { c.Tranches[0].Part, c.Tranches[1].Part = 0, 1 }), []string{"tranches[0].part"}},
		{"paid for to be had", but(goodWarrants(), func(c *Warrants) { c.Strike = -1 }), []string{"strike"}},
	}
}

func TestEachBadTermIsFoundAndNamed(t *testing.T) {
	tests := []termed{
		{"a ramp as long as the term stands", goodTakeOrPay(), nil},
		{"no commitment", but(goodTakeOrPay(), func(c *TakeOrPay) { c.Commitment = 0 }), []string{"commitment"}},
		{"a negative commitment", but(goodTakeOrPay(), func(c *TakeOrPay) { c.Commitment = -1 }), []string{"commitment"}},
		{"no term", but(goodTakeOrPay(), func(c *TakeOrPay) { c.Term, c.Ramp = 0, 0 }), []string{"term"}},
		{"a ramp longer than the term", but(goodTakeOrPay(), func(c *TakeOrPay) { c.Ramp = 13 }), []string{"ramp"}},
		{"a negative ramp", but(goodTakeOrPay(), func(c *TakeOrPay) { c.Ramp = -1 }), []string{"ramp"}},
		{"a promise to oneself", but(goodTakeOrPay(), func(c *TakeOrPay) { c.Seller = lab }), []string{"seller"}},
		{"all at once", &TakeOrPay{Ramp: 1}, []string{"commitment", "term", "ramp", "seller"}},
		{"as much paid ahead as is due in any case", but(goodTakeOrPay(), func(c *TakeOrPay) { c.Prepayment = 1 }), nil},
		{"more paid ahead than that", but(goodTakeOrPay(), func(c *TakeOrPay) { c.Prepayment, c.Floor = 0.6, 0.5 }), []string{"prepayment"}},
		{"an exit before any delay", but(goodTakeOrPay(), func(c *TakeOrPay) { c.ExitAfter = -1 }), []string{"exit_after"}},
		{"more than all the money there is", but(goodTakeOrPay(), func(c *TakeOrPay) { c.Commitment = unit.Dollars(51e12) }), []string{"commitment"}},
		{"the same by indexation", but(goodTakeOrPay(), func(c *TakeOrPay) { c.Commitment, c.Term, c.Indexation = unit.Dollars(1e9), 600, 0.5 }), []string{"commitment"}},
		{"an indexed promise of ages", but(goodTakeOrPay(), func(c *TakeOrPay) { c.Term, c.Indexation = 1201, 0.01 }), []string{"term"}},

		{"a reservation", goodReservation(), nil},
		{"of nothing", but(goodReservation(), func(c *CapacityReservation) { c.Capacity = 0 }), []string{"capacity"}},
		{"for no time", but(goodReservation(), func(c *CapacityReservation) { c.Term, c.Ramp = 0, 0 }), []string{"term"}},
		{"that ramps beyond its term", but(goodReservation(), func(c *CapacityReservation) { c.Ramp = 13 }), []string{"ramp"}},
		{"that ramps backwards", but(goodReservation(), func(c *CapacityReservation) { c.Ramp = -1 }), []string{"ramp"}},
		{"at a negative rent", but(goodReservation(), func(c *CapacityReservation) { c.Rent = -1 }), []string{"rent"}},
		{"with oneself", but(goodReservation(), func(c *CapacityReservation) { c.Buyer = cloud }), []string{"seller"}},
		{"worth more than all the money there is", but(goodReservation(), func(c *CapacityReservation) { c.Capacity, c.Rent = 1e7, 9e9 }), []string{"capacity"}},
		{"paid ahead at a price not known", but(goodReservation(), func(c *CapacityReservation) { c.Prepayment = 0.2 }), []string{"prepayment"}},
		{"paid ahead at a known price", but(goodReservation(), func(c *CapacityReservation) { c.Prepayment, c.Rent = 0.2, 9e9 }), nil},
		{"an exit before any delay of delivery", but(goodReservation(), func(c *CapacityReservation) { c.ExitAfter = -1 }), []string{"exit_after"}},
		{"a schedule in two steps", steps(Delivery{start, 40}, Delivery{start + 11, 100}), nil},
		{"with a ramp beside it", but(steps(Delivery{start, 100}), func(c *CapacityReservation) { c.Ramp = 2 }), []string{"ramp"}},
		{"whose steps are out of order", steps(Delivery{start + 3, 40}, Delivery{start + 3, 100}), []string{"schedule[1].by"}},
		{"that begins before the first delivery", steps(Delivery{start - 1, 100}), []string{"schedule[0].by"}},
		{"that ends after the term", steps(Delivery{start + 12, 100}), []string{"schedule[0].by"}},
		{"that gives the parts and not the sums", steps(Delivery{start, 60}, Delivery{start + 3, 40}), []string{"schedule[1].capacity", "schedule[1].capacity"}},
		{"that stops short", steps(Delivery{start, 40}, Delivery{start + 3, 90}), []string{"schedule[1].capacity"}},
		{"an option", optional(func(*CallOption) {}), nil},
		{"on nothing", optional(func(o *CallOption) { o.Capacity = 0 }), []string{"option.capacity"}},
		{"at no rent", optional(func(o *CallOption) { o.Rent = 0 }), []string{"option.rent"}},
		{"for ever", optional(func(o *CallOption) { o.Until = 0 }), []string{"option.until"}},
		{"served before it is called", optional(func(o *CallOption) { o.Lead = -1 }), []string{"option.lead"}},

		{"credits", goodCredits(), nil},
		{"of nothing", but(goodCredits(), func(c *ComputeCredits) { c.Amount = 0 }), []string{"amount"}},
		{"that expire at once", but(goodCredits(), func(c *ComputeCredits) { c.Expiry = 0 }), []string{"expiry"}},
		{"at oneself", but(goodCredits(), func(c *ComputeCredits) { c.Seller = lab }), []string{"lab"}},

		{"a round", goodRound(), nil},
		{"of nothing", but(goodRound(), func(c *EquityRound) { c.Amount = 0 }), []string{"amount"}},
		{"at no price", but(goodRound(), func(c *EquityRound) { c.PreMoney = 0 }), []string{"pre_money"}},
		{"at a price of both kinds", but(goodRound(), func(c *EquityRound) { c.PostMoney = unit.Dollars(1000) }), []string{"post_money"}},
		{"at a price with the money", but(goodRound(), func(c *EquityRound) { c.PreMoney, c.PostMoney = 0, unit.Dollars(1000) }), nil},
		{"that is worth no more than its money", but(goodRound(), func(c *EquityRound) { c.PreMoney, c.PostMoney = 0, c.Amount }), []string{"post_money"}},
		{"that is all open", but(goodRound(), func(c *EquityRound) { c.OpenShare = 1 }), []string{"open_share"}},
		{"that locks its club for less than no time", but(goodRound(), func(c *EquityRound) { c.Lock = -1 }), []string{"lock"}},
		{"that caps its lead", but(goodRound(), func(c *EquityRound) { c.Caps = []Cap{{Investor: cloud, Stake: 0.15}} }), nil},
		{"that caps its lead twice", but(goodRound(), func(c *EquityRound) { c.Caps = []Cap{{Investor: cloud, Stake: 0.15}, {Investor: cloud, Stake: 0.2}} }), []string{"caps[1].investor"}},
		{"that caps a stranger, at nothing", but(goodRound(), func(c *EquityRound) { c.Caps = []Cap{{Investor: fund}} }), []string{"caps[0].stake", "caps[0].investor"}},
		{"that takes a stranger's votes", but(goodRound(), func(c *EquityRound) { c.Nonvoting = []id.Firm{fund} }), []string{"nonvoting[0]"}},
		{"that its company leads", but(goodRound(), func(c *EquityRound) { c.Lead = lab }), []string{"lead"}},
		{"that its company joins", but(goodRound(), func(c *EquityRound) { c.LeadShare, c.Syndicate = 0.5, []id.Firm{rival, lab} }), []string{"syndicate"}},
		{"of which a part is nobody's", but(goodRound(), func(c *EquityRound) { c.LeadShare = 0.9 }), []string{"lead_share"}},
		{"whose rest a syndicate takes", but(goodRound(), func(c *EquityRound) { c.LeadShare, c.Syndicate = 0.9, []id.Firm{rival} }), nil},

		{"a right with notice of two years", goodRefusal(), nil},
		{"without notice", but(goodRefusal(), func(c *FirstRefusal) { c.Notice = 0 }), nil},
		{"with longer notice", but(goodRefusal(), func(c *FirstRefusal) { c.Notice = 25 }), []string{"notice"}},
		{"with negative notice", but(goodRefusal(), func(c *FirstRefusal) { c.Notice = -1 }), []string{"notice"}},
		{"from a negative size on", but(goodRefusal(), func(c *FirstRefusal) { c.Threshold = -1 }), []string{"threshold"}},
		{"at no more than nine tenths off", but(goodRefusal(), func(c *FirstRefusal) { c.Discount = 0.91 }), []string{"discount"}},
		{"to be told, at a discount", but(goodRefusal(), func(c *FirstRefusal) { c.Match, c.Discount = "notify", 0.1 }), []string{"discount"}},
		{"that costs less than nothing", but(goodRefusal(), func(c *FirstRefusal) { c.Waiver.Price = -1 }), []string{"waiver.price"}},
		{"bought out by a promise of no time", but(goodRefusal(), func(c *FirstRefusal) { c.Waiver = Waiver{Price: 1, Paid: "commitment"} }), []string{"waiver.term"}},
		{"against oneself", but(goodRefusal(), func(c *FirstRefusal) { c.Holder = lab }), []string{"lab"}},

		{"an exclusivity", goodExclusivity(), nil},
		{"with oneself", but(goodExclusivity(), func(c *Exclusivity) { c.Lab = cloud }), []string{"lab"}},
		{"that is primary and keeps all", but(goodExclusivity(), func(c *Exclusivity) { c.Scope, c.LeastShare = "primary", 1 }), []string{"least_share"}},
		{"with negative patience", but(goodExclusivity(), func(c *Exclusivity) { c.Patience = -1 }), []string{"patience"}},
		{"that carves its holder out", but(goodExclusivity(), func(c *Exclusivity) { c.CarveOuts = []id.Firm{cloud} }), []string{"carve_outs"}},
		{"of a product with terms of compute", but(goodExclusivity(), func(c *Exclusivity) { c.Object, c.UnlessShort = "api", true }), []string{"object"}},

		{"a venture", goodVenture(), nil},
		{"of nobody", but(goodVenture(), func(c *JointVenture) { c.Members = nil }), []string{"members"}},
		{"that is its own member", but(goodVenture(), func(c *JointVenture) { c.Members[1].Firm = cloud }), []string{"members[1].firm"}},
		{"with a member named twice", but(goodVenture(), func(c *JointVenture) { c.Members[1].Firm = lab }), []string{"members[1].firm"}},
		{"with a pledge of nothing", but(goodVenture(), func(c *JointVenture) { c.Members[0].Pledge = 0 }), []string{"members[0].pledge"}},
		{"whose capacity is given twice", but(goodVenture(), func(c *JointVenture) { c.Members[1].Output = 0.5 }), []string{"members"}},
		{"without calls", but(goodVenture(), func(c *JointVenture) { c.Calls = nil }), []string{"calls"}},
		{"that calls more than was pledged", but(goodVenture(), func(c *JointVenture) { c.Calls[0].Share = 0.3 }), []string{"calls"}},
		{"with a call of nothing", but(goodVenture(), func(c *JointVenture) { c.Calls[0].Share = 0 }), []string{"calls[0].share"}},
		{"with a call missed by a stranger", but(goodVenture(), func(c *JointVenture) { c.Calls[1].MissedBy = []id.Firm{rival} }), []string{"calls[1].missed_by[0]"}},
		{"of debt alone", but(goodVenture(), func(c *JointVenture) { c.DebtShare = 1 }), []string{"debt_share"}},

		{"a loan", goodLoan(), nil},
		{"of nothing", but(goodLoan(), func(c *Lending) { c.Amount = 0 }), []string{"amount"}},
		{"to oneself", but(goodLoan(), func(c *Lending) { c.Lender = lab }), []string{"lender"}},
		{"due when it is drawn", but(goodLoan(), func(c *Lending) { c.Maturity = start }), []string{"maturity"}},
		{"on shares that secure nothing", but(goodLoan(), func(c *Lending) { c.Collateral.Company = rival }), []string{"collateral.company"}},
		{"on margin without shares", but(goodLoan(), func(c *Lending) { c.Purpose = "margin" }), []string{"collateral.company"}},
		{"on margin of its own shares", but(goodLoan(), func(c *Lending) { c.Purpose, c.Collateral.Company = "margin", lab }), []string{"collateral.company"}},
		{"called before it has outgrown anything", but(goodLoan(), func(c *Lending) {
			c.Purpose, c.Collateral.Company, c.Collateral.CallAbove = "margin", rival, 0.3
		}), []string{"collateral.call_above"}},
		{"whose shares bring too little", but(goodLoan(), func(c *Lending) {
			c.Purpose, c.Collateral.Company, c.Collateral.Haircut = "margin", rival, 0.65
		}), []string{"collateral.haircut"}},

		{"a guarantee", goodGuarantee(), nil},
		{"of nothing", but(goodGuarantee(), func(c *Guarantee) { c.Cap = 0 }), []string{"cap"}},
		{"for oneself", but(goodGuarantee(), func(c *Guarantee) { c.Debtor = fund }), []string{"debtor"}},
		{"to oneself", but(goodGuarantee(), func(c *Guarantee) { c.Beneficiary = fund }), []string{"beneficiary"}},
		{"of residual value without a value", but(goodGuarantee(), func(c *Guarantee) { c.Covers = "residual" }), []string{"value"}},
		{"of rent with a value", but(goodGuarantee(), func(c *Guarantee) { c.Value = 1 }), []string{"value"}},
		{"of rent to nobody", but(goodGuarantee(), func(c *Guarantee) { c.Beneficiary = id.None }), []string{"beneficiary"}},
		{"of debt to lenders at large", but(goodGuarantee(), func(c *Guarantee) { c.Covers, c.Beneficiary = "debt", id.None }), nil},

		{"a share of all revenue", goodShare(), nil},
		{"of nothing", but(goodShare(), func(c *RevenueShare) { c.Rate = 0 }), []string{"rate"}},
		{"up to a negative total", but(goodShare(), func(c *RevenueShare) { c.Cap = -1 }), []string{"cap"}},
		{"with oneself", but(goodShare(), func(c *RevenueShare) { c.Payee = lab }), []string{"payee"}},
		{"at rates that fall", but(goodShare(), func(c *RevenueShare) { c.Rates = []RateFrom{{start, 0.2}, {start + 1, 0}} }), nil},
		{"at two rates of one month", but(goodShare(), func(c *RevenueShare) { c.Rates = []RateFrom{{start, 0.2}, {start, 0}} }), []string{"rates[1].from"}},

		{"a guarantee", goodBackstop(), nil},
		{"of no capacity", but(goodBackstop(), func(c *Backstop) { c.Capacity = 0 }), []string{"capacity"}},
		{"of no money", but(goodBackstop(), func(c *Backstop) { c.Amount = 0 }), []string{"amount"}},
		{"at no rent", but(goodBackstop(), func(c *Backstop) { c.Rent = 0 }), []string{"rent"}},
		{"of a tenant that is the cloud", but(goodBackstop(), func(c *Backstop) { c.Tenant = cloud }), []string{"tenant"}},
		{"for oneself", but(goodBackstop(), func(c *Backstop) { c.Guarantor = cloud }), []string{"cloud"}},

		{"a lease", goodLease(), nil},
		{"of nothing", but(goodLease(), func(c *LeasePipeline) { c.Capacity = 0 }), []string{"capacity"}},
		{"that promises no rent", but(goodLease(), func(c *LeasePipeline) { c.Floor = 0 }), []string{"floor"}},
		{"built in no time", but(goodLease(), func(c *LeasePipeline) { c.Building = 0 }), nil},
		{"built before it is signed", but(goodLease(), func(c *LeasePipeline) { c.Building = -1 }), []string{"building"}},
		{"a lease that ramps beyond its term", but(goodLease(), func(c *LeasePipeline) { c.Ramp = 61 }), []string{"ramp"}},
		{"cheaper to leave later", but(goodLease(), func(c *LeasePipeline) { c.LeaseCost = 0.005 }), []string{"lease_cost"}},
		{"of which more is left than there is", but(goodLease(), func(c *LeasePipeline) { c.Cancels, c.Cancelled = start+1, 101 }), []string{"cancelled"}},
		{"of which a part is left at no time", but(goodLease(), func(c *LeasePipeline) { c.Cancelled = 50 }), []string{"cancels"}},
		{"with a next tenant, but no exit", but(goodLease(), func(c *LeasePipeline) { c.Next = rival }), []string{"cancels"}},
		{"whose next tenant is its tenant", but(goodLease(), func(c *LeasePipeline) { c.Cancels, c.Next = start+1, lab }), []string{"next"}},
		{"fixed, then without notice", but(goodLease(), func(c *LeasePipeline) { c.Fixed = 6 }), []string{"notice"}},
		{"with oneself", but(goodLease(), func(c *LeasePipeline) { c.Tenant = cloud }), []string{"landlord"}},

		{"two tranches of one date", goodFunding(), nil},
		{"money up front alone", &MilestoneFunding{Investor: cloud, Company: lab, Upfront: Upfront{Amount: 1}}, nil},
		{"no money at all", &MilestoneFunding{Investor: cloud, Company: lab}, []string{"tranches"}},
		{"negative money up front", but(goodFunding(), func(c *MilestoneFunding) { c.Upfront.Amount = -1 }), []string{"upfront.amount"}},
		{"at a negative price", but(goodFunding(), func(c *MilestoneFunding) { c.Upfront.PreMoney = -1 }), []string{"upfront.pre_money"}},
		{"a tranche of nothing", but(goodFunding(), func(c *MilestoneFunding) { c.Tranches[1].Amount = 0 }), []string{"tranches[1].amount"}},
		{"a tranche at a negative price", but(goodFunding(), func(c *MilestoneFunding) { c.Tranches[1].PreMoney = -1 }), []string{"tranches[1].pre_money"}},
		{"a tranche due before the one above", but(goodFunding(), func(c *MilestoneFunding) { c.Tranches[1].By = start - 1 }), []string{"tranches[1].by"}},
		{"a tranche that nothing releases", but(goodFunding(), func(c *MilestoneFunding) { c.Tranches[1].When = measure.Test{} }), []string{"tranches[1].when"}},
		{"a tranche that an event releases", but(goodFunding(), func(c *MilestoneFunding) {
			c.Tranches[1] = Tranche{Amount: 1, By: start, Events: []Event{{Hazard: 0.5}}}
		}), nil},
		{"an event that never comes", but(goodFunding(), func(c *MilestoneFunding) { c.Tranches[1].Events = []Event{{Delay: -1}} }), []string{"tranches[1].events[0].hazard", "tranches[1].events[0].delay"}},
		{"nine events", but(goodFunding(), func(c *MilestoneFunding) { c.Tranches[1].Events = slices.Repeat([]Event{{Hazard: 1}}, 9) }), []string{"tranches[1].events"}},
		{"a price cut to nothing", but(goodFunding(), func(c *MilestoneFunding) { c.PriceCut = 1 }), []string{"price_cut"}},
		{"a debt due before it is owed", but(goodFunding(), func(c *MilestoneFunding) { c.DebtTerm = -1 }), []string{"debt_term"}},
		{"retests that end before they begin", but(goodFunding(), func(c *MilestoneFunding) { c.RetestMonths = -1 }), []string{"retest_months"}},
		{"a company that funds itself", but(goodFunding(), func(c *MilestoneFunding) { c.Investor = lab }), []string{"company"}},
		{"as many tranches as can be told apart", but(goodFunding(), func(c *MilestoneFunding) { c.Tranches = slices.Repeat(c.Tranches[:1], 60) }), nil},
		{"one more", but(goodFunding(), func(c *MilestoneFunding) { c.Tranches = slices.Repeat(c.Tranches[:1], 61) }), []string{"tranches"}},
	}
	tests = append(tests, badNotes()...)
	tests = append(tests, badWarrants()...)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var got []string
			for _, f := range tt.c.Faults() {
				got = append(got, f.Term)
				if f.What == "" {
					t.Errorf("the fault of %s does not say what is wrong", f.Term)
				}
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("%+v: faults in %v, want %v", tt.c, got, tt.want)
			}
		})
	}
}

func TestAMonthOfClausesAllocatesNothing(t *testing.T) {
	holds := measure.Test{Holds: func(*measure.Panel) bool { return true }}
	fails := measure.Test{Holds: func(*measure.Panel) bool { return false }}
	credits, share, right := goodCredits(), goodShare(), goodRefusal()
	pay := but(goodTakeOrPay(), func(c *TakeOrPay) {
		c.Term, c.Indexation, c.Prepayment, c.MakeUp, c.Recut, c.RecutBelow, c.Exit = 24, 0.02, 0.2, 12, 0.5, 1, Exit{1, 1}
	})
	res := but(goodReservation(), func(c *CapacityReservation) {
		c.Ramp, c.Rent, c.Prepayment, c.DelayPenalty, c.Option, c.Exit = 1, 1e9, 0.2, 0.1, goodOption(), Exit{1, 1}
		c.Schedule = []Delivery{{start, 40}, {start + 1, 100}}
	})
	round := but(goodRound(), func(c *EquityRound) { c.LeadShare, c.Syndicate = 0.5, []id.Firm{rival, fund} })
	funding := but(goodFunding(), func(c *MilestoneFunding) {
		c.Tranches[0].When, c.Tranches[1].When, c.Tranches[1].By = fails, holds, start+12
	})
	note, warrants := goodNote(), but(goodWarrants(), func(c *Warrants) { c.Tranches[0].When, c.Tranches[1].When = fails, holds })
	clauses := []Clause{pay, res, credits, share, right, round, funding, note, warrants}
	states := make([]State, len(clauses))
	late := Service{Due: 10, Delivered: 5, Late: 100}
	meter := Meter{UsageBill: 1, Enterprise: 1000, Consumer: 1000, ServingCost: 10, Between: late, Own: late}
	var out Dues
	var sum unit.USD
	var lots []market.Lot
	month := func() {
		out.Clear()
		now := Now{Month: start + 11, Rent: 11e9}
		for i, c := range clauses {
			s := &states[i]
			*s = State{}
			if x, ok := c.(Biller); ok {
				x.Bill(now, s, &meter, &out)
			}
			if x, ok := c.(Tester); ok {
				x.Test(now, s, &out)
			}
			if x, ok := c.(Crediter); ok {
				used, cut := x.Credit(now, s, cloud, lab, 10)
				sum += used + cut
			}
			if x, ok := c.(Prepayer); ok {
				sum += x.Prepaid()
			}
			if x, ok := c.(Callable); ok {
				x.Call(now, s)
			}
			if x, ok := c.(Committer); ok {
				sum += x.Outstanding(start, s) + x.Minimum(start, s)
			}
			if x, ok := c.(Holder); ok {
				x.Claims(now, s, market.Offer{})
			}
			if x, ok := c.(Reserver); ok {
				lots = x.Reserve(now, lots[:0])
			}
		}
	}
	month() // the lists grow to their size
	if len(out.Payments) != 4 || len(out.Purchases) != 4 || len(out.Grants) != 1 || len(out.Lapses) != 1 ||
		len(out.Loans) != 2 || len(out.Issues) != 1 || len(out.Rounds) != 1 || len(out.Asks) != 3 {
		t.Fatalf("a month of all clauses leaves %+v, want 4 payments, 4 purchases of a round, a grant, a lapse, 2 loans, an issue and 3 asks", out)
	}
	if n := testing.AllocsPerRun(100, month); n != 0 {
		t.Errorf("a month of clauses allocates %v times, want 0 (sum %v)", n, sum)
	}
}
