// Package contract holds the clauses that bind firms, one mechanism to a file.
//
// A clause is its terms, which stand still during a run, and a [State] that the world keeps. It acts in the
// phases for which it implements a one-method interface: [Reserver] when it is signed, [Holder] and [Callable] in
// procurement, [Crediter], [Prepayer] and [Biller] at billing, [Tester] when funds move. It reads measures and
// leaves dues and asks; it moves no money and decides nothing that is a party's choice.
//
// To add a mechanism: README.md beside this file.
package contract

import (
	"fmt"

	"powerplay/sim/id"
	"powerplay/sim/market"
	"powerplay/sim/measure"
	"powerplay/sim/num"
	"powerplay/sim/record"
	"powerplay/sim/rng"
	"powerplay/sim/unit"
)

// Occurs reports whether an event that the model does not simulate has come by month n.Month. It has a constant hazard
// a year from month from on, and comes once a run for each part of a contract; in the central run at its median date.
//
//	u < 1 − exp(−hazard·years)
func (n *Now) Occurs(part int, hazard unit.Rate, from unit.Month) bool {
	if hazard <= 0 || n.Month <= from {
		return false
	}
	return n.Uniform(part) < 1-num.Exp(-float64(hazard)*n.Month.Years(from))
}

// Contract is a signed clause between firms.
type Contract struct {
	Key    string     `key:"-" keyed:"true"`
	Kind   string     `need:"true" doc:"the mechanism: one of those that powerplay list contracts names"`
	Signed unit.Month `need:"true" doc:"month of signature; the clause acts from that month's step on"`
	Until  unit.Month `date:"end" doc:"last month in which it acts; without it, as long as its own terms say"`
	// Amends and Replaces end other contracts. What was paid, missed or waived under an amended one carries over.
	Amends     *id.Contract  `doc:"older contract of this kind and these parties that goes on under these terms from the signing on"`
	Replaces   []id.Contract `doc:"older contracts that end when this one is signed"`
	Precedence int           `default:"0" range:"0,100" doc:"where clauses clash, such as two exclusivities, the one with the higher number holds; 0 states none"`
	Deal       string        `doc:"the deal that this clause belongs to, to show clauses of one deal together"`
	Source     []string      `need:"true" doc:"rows of the fact tables, or the word assumption"`
	Note       string        `doc:"what the sources leave open and what is assumed instead"`
	Terms      Clause        `key:"-"`
}

// Clause is the terms of one mechanism.
type Clause interface {
	// Faults reports every term that is out of range or contradicts another.
	Faults() []Fault
	// Parties lists the firms that the clause binds, the one that promises first; it has to do with all others. A
	// single one has promised somebody outside the model.
	Parties() []id.Firm
	// Roles lists what the firms it names must be able to do.
	Roles() []Role
}

// Role is what a firm must be to stand where a clause names it: one of the words lab, cloud, investor, supplier
// and buyer is enough.
type Role struct {
	Term  string
	Firm  id.Firm
	AnyOf []string
}

// Dated is a clause with dates of its own, which cannot lie before its signing.
type Dated interface {
	Dates() []Date
}

// Date is a month that a term names.
type Date struct {
	Term  string
	What  string // "the tranche falls due"
	Month unit.Month
}

// Misdated reports dates that lie before the signing.
func (c *Contract) Misdated() []Fault {
	var f []Fault
	if t, ok := c.Terms.(Dated); ok {
		for _, d := range t.Dates() {
			if d.Month < c.Signed {
				f = append(f, fault(d.Term, fmt.Sprintf("%s (%v) before the contract is signed (%v)", d.What, d.Month, c.Signed), "give a later month, or sign earlier"))
			}
		}
	}
	if c.Until != 0 && c.Until < c.Signed {
		f = append(f, fault("until", fmt.Sprintf("the contract ends (%v) before it is signed (%v)", c.Until, c.Signed), "give a later month"))
	}
	return f
}

// Fault is a term that cannot stand. The scenario reader adds file, line and code.
type Fault struct {
	Term string // path within the clause, such as tranches[1].amount
	What string // what is wrong
	Why  string // what would happen otherwise; may be empty
	Hint string // how to mend it; may be empty
}

// Now is what a clause may know when it acts.
type Now struct {
	Month    unit.Month
	Start    unit.Month // of the run: older contracts have been carried out up to it
	Signed   unit.Month // when the contract was
	Contract id.Contract
	Rent     unit.Rent      // market rent
	Measures *measure.Panel // closed months
	Told     bool           // somebody listens: notes are wanted
	Run      rng.Run        // draws of the run; see Uniform
	Luck     uint64         // of the contract's key
}

// Uniform draws once a run for a part of the contract, for what the model does not simulate, such as when a firm
// goes public. In the central run it is 1/2.
func (n *Now) Uniform(part int) float64 {
	if n.Run.Index == 0 {
		return 0.5
	}
	return n.Run.Uniform(rng.Event, n.Luck, 0, part)
}

// State is what must be remembered of a clause during a run. World keeps one a contract.
type State struct {
	Started bool
	Done    uint64     // bit i: part i (tranche, round) is settled
	Missed  uint64     // bit i: part i was missed
	Paid    unit.USD   // money that has moved under the clause
	Owed    unit.USD   // credits left, make-up left, principal open
	Since   unit.Month // start
	Waived  float64    // part of a promise given up in renegotiation
	Taken   float64    // volume that has moved under it, in the unit of its terms
	Forgone float64    // volume paid for and not taken
	Ended   bool       // it acts no more: waived, exited, bought out
	Burden  unit.USD   // what a right has cost the lab that bears it, of the last year; older cost fades
	Size    unit.MW    // signed in breach of the clause
	RateCap float64    // highest rate that an authority leaves; 0 none
	Through float64    // part of a lab's spend in a segment that comes through a channel
	Left    unit.MW    // of a signed lease that its tenant has left; the landlord goes on owing for it
	Margin  unit.Rate  // added to the rate of a loan
	Due     unit.Month // end of a loan that was extended
	Ahead   unit.USD   // paid ahead and not yet used
	MakeUp  [5]Batch   // shortfalls paid that later use may still take, the oldest first
	Late    int        // months in a row in which the seller delivered too little
	Called  unit.MW    // of an option
}

// Batch is money that can be used through a month.
type Batch struct {
	Left  unit.USD
	Until unit.Month
}

// Negotiating reports whether a breach is being settled; Since is when it happened.
func (s *State) Negotiating() bool { return s.Size > 0 }

// Settled reports whether part i is paid or lapsed.
func (s *State) Settled(i int) bool { return s.Done&(1<<i) != 0 }

// Settle marks part i as paid or lapsed.
func (s *State) Settle(i int) { s.Done |= 1 << i }

// Meter is what was used and earned in a month between the parties of a clause.
type Meter struct {
	UsageBill   unit.USD       // rent that the first party owes the second for capacity
	Enterprise  unit.USD       // the first party's model revenue from enterprises
	Consumer    unit.USD       // and from consumers
	ServingCost unit.USD       // what serving that revenue cost
	Unsold      unit.MW        // capacity of a guaranteed cloud that nobody has rented
	Rented      unit.MW        // what the tenant of a guarantee has signed there
	Between     Service        // all that the second party owes the first in capacity
	Own         Service        // what it owes under this contract alone
	ChipPrice   float64        // price of the second party's chips, dollars for a unit of the clause's volume
	Power       unit.MW        // that capacity which computes draws under the clause
	Hours       float64        // megawatt-hours that a megawatt draws in the month
	EnergyPrice unit.USDPerMWh // of the region
	Waiting     float64        // volume for which sites under the clause stand ready and empty
}

// Service is capacity under lots in a month.
type Service struct {
	Due       unit.MW  // that the seller must deliver by now
	Delivered unit.MW  // in service
	Late      unit.USD // month's rent of what is due and not in service
}

// Dues collects what clauses ask for in a phase. World reuses it from month to month.
type Dues struct {
	Payments  []Payment
	Purchases []Purchase
	Rounds    []Round
	Loans     []Loan
	Issues    []Issue
	Grants    []Grant
	Lapses    []Lapse
	Efforts   []Effort
	Asks      []Ask
	Notes     []Note
}

// Clear empties the list for the next clause and keeps its memory.
func (d *Dues) Clear() {
	d.Payments, d.Grants, d.Lapses, d.Notes = d.Payments[:0], d.Grants[:0], d.Lapses[:0], d.Notes[:0]
	d.Purchases, d.Rounds, d.Loans, d.Issues = d.Purchases[:0], d.Rounds[:0], d.Loans[:0], d.Issues[:0]
	d.Efforts = d.Efforts[:0]
	d.Asks = d.Asks[:0]
}

// Ask is a choice that the terms leave to a party: the world puts it to the firm and acts on the answer.
type Ask struct {
	Choice Choice
	Part   unit.Share      // of a recut: what the buyer asks to be let off
	Floor  unit.Share      // of a recut: what is due of the promise in any case
	Why    []record.Reason // the clause's own numbers; only when [Now.Told] is set
}

// Choice says what is asked.
type Choice uint8

// The choices that clauses leave to a party.
const (
	Leave Choice = iota // the buyer's: to leave a seller that is late
	Recut               // the seller's: to let the buyer off a part of its promise
)

// Note is something that happened under a clause and moves no money by itself. A clause adds notes only when
// [Now.Told] is set.
type Note struct {
	Kind       string // of the event
	Firm, With id.Firm
	What       string // what the firm does, such as "lets its option on 200 MW lapse"; {with} stands for the other firm
	Why        []record.Reason
}

// Payment is money that one firm owes another.
type Payment struct {
	From, To id.Firm // to id.None: somebody outside the model
	Amount   unit.USD
	Kind     string // as in the memo of the posting
	Contract id.Contract
	Income   Income
}

// Income says what a payment is to the firm that gets it.
type Income uint8

// The kinds of income that a clause can cause.
const (
	Compute  Income = iota // rent and its minimum
	Share                  // a share of revenue
	Staffing               // pay, and what is paid for people
	Ahead                  // money for what is delivered later
	Earned                 // such money used up: no cash moves
	Back                   // such money returned
	Fee                    // what is paid for a right to capacity, each month
	Damages                // what a seller owes for being late, each month
	Chips                  // the minimum of a supply of chips
	Interest               // on a loan
	Energy                 // electricity
)

// Spent reports whether a payment counts as spend of the one with the other.
func (i Income) Spent() bool { return i == Compute || i == Earned || i == Fee }

// Yearly reports whether a payment comes about once a year at most, not each month.
func (i Income) Yearly() bool {
	return i == Compute || i == Ahead || i == Earned || i == Back || i == Chips
}

// Purchase is new equity that an investor must buy.
type Purchase struct {
	Investor, Company id.Firm
	Amount            unit.USD
	PreMoney          unit.USD   // 0: at the company's last price
	Discount          unit.Share // off that price
	Credits           unit.USD   // the part of Amount that is paid in compute credits
	Least             unit.USD   // what the investor may cut Amount to, if that suits it better; 0: nothing
	Nonvoting         bool       // the shares carry no votes
	Ceiling           Ceiling
	Kind              string
	Contract          id.Contract
	Part              int // tranche
}

// Ceiling is the largest stake that a purchase may lead to, and what becomes of money that would buy more.
type Ceiling struct {
	Stake  unit.Share // 0: no ceiling
	Later  unit.USD   // what others pay after it in the same round, which dilutes it
	Excess string     // refuse, note or credits
}

// Round is a priced sale of shares that closes in a month. Notes of the company convert at its price.
type Round struct {
	Company  id.Firm
	PreMoney unit.USD
	Raised   unit.USD // by all of it
	Open     unit.USD // part of that which others than the parties of the clause may buy
	Club     bool     // the parties keep others out of the rest
	Contract id.Contract
}

// Loan is a movement of the principal under a [Debtor]. The world makes as much of it as can be and keeps
// [State.Owed].
type Loan struct {
	Move     Move
	Amount   unit.USD // at most; Repay and Convert never exceed what is owed
	Price    unit.USD // for Convert: the company's value at which shares are issued
	Contract id.Contract
}

// Move is what happens to principal.
type Move uint8

// The moves.
const (
	Lend       Move = iota // the creditor pays out
	Capitalise             // interest is added to what is owed
	Repay                  // the debtor pays back in cash
	Convert                // what is owed becomes shares
	Unwind                 // shares bought under the clause become debt
)

// Issue is new shares that a firm gives under a warrant.
type Issue struct {
	Issuer, Holder id.Firm
	Share          float64  // of the issuer, these shares included
	Pays           unit.USD // for exercising it
	Sells          bool     // the holder sells the shares at once
	Contract       id.Contract
	Part           int
}

// Grant is compute credit that a seller gives a lab.
type Grant struct {
	Seller, Lab id.Firm
	Amount      unit.USD // face value; negative takes back what has expired
	Contract    id.Contract
}

// Lapse is a right or promise that ended unfulfilled.
type Lapse struct {
	Contract id.Contract
	Part     int
	Firm     id.Firm
	Amount   unit.USD
	Reason   string
}

// Effort is what a clause does to a lab's research in a month.
type Effort struct {
	Lab    id.Firm
	Pace   float64     // rise of the pace of its algorithmic progress, as a share
	Hold   unit.Share  // fall of the chance that it loses key people
	Points unit.Points // capability that its research gains, or loses when negative
}

// Opener is a clause that may be older than the simulation.
type Opener interface {
	// Open marks what was paid before the start as settled, and returns the credits that were still open.
	Open(start unit.Month, s *State) Grant
}

// Reserver is a clause that sets capacity aside when it is signed.
type Reserver interface {
	// Reserve appends what the clause sets aside in the month of its signing.
	Reserve(now Now, lots []market.Lot) []market.Lot
}

// Holder is a clause that gives a firm first call on a lab's request.
type Holder interface {
	// Claims reports whether the offer falls under the right, who holds it, and how long it may think.
	Claims(now Now, s *State, o market.Offer) (holder id.Firm, notice unit.Months, ok bool)
	// Answer tells what the holder may do, and how far below the offered rent.
	Answer() (MatchRule, unit.Share)
}

// Excluder is a clause that keeps sellers other than its holder from a lab's compute.
type Excluder interface {
	// Bars reports whether the clause speaks of that seller, most of whose new sites stand in the region.
	Bars(lab, seller id.Firm, region id.Region) bool
	// Inside reports whether capacity with the seller is no matter of the clause: the holder's, and what is carved out.
	Inside(seller id.Firm) bool
	// Room returns how much of an offer from a seller that is barred the lab may sign in spite of the clause.
	Room(s *State, p Placement) unit.MW
	// Markup is what the holder asks above its usual rent.
	Markup() unit.Share
	// Breach tells above which shadow price, as a part of the market rent, the lab signs elsewhere all the same (0:
	// never), how long the talks take that follow, and what part of the rent signed elsewhere it promises at their end.
	Breach() (above unit.Share, talks unit.Months, settlement unit.Share)
	// Over reports whether an event has ended the clause.
	Over(now Now, signed unit.Month) bool
}

// Placement is how a lab's signed capacity stands when an offer is weighed.
type Placement struct {
	Size    unit.MW     // of the offer
	Signed  unit.MW     // with all sellers
	Outside unit.MW     // of that, with sellers whom the clause speaks of
	Serving unit.Share  // part of the lab's need that serves customers
	Late    unit.Months // how long after the wanted start the holder could deliver; very large if never
}

// Quieter is a clause that on some terms never asks for a payment.
type Quieter interface {
	// Quiet reports whether it is one of these, if it takes nothing over from a contract that it amends.
	Quiet() bool
}

// Callable is a clause with capacity that its buyer may call by itself.
type Callable interface {
	// Callable returns the capacity that can be called over the life of the clause, 0 if it holds no option.
	Callable() unit.MW
	// Call returns the lot that calling all that is left in this month would make; ok is false if nothing can be
	// called.
	Call(now Now, s *State) (lot market.Lot, ok bool)
}

// Crediter is a clause under which part of a compute bill is paid in credits. What is left of them is [State.Owed].
type Crediter interface {
	// Credit returns the credits that a bill from seller to lab takes, and what it is cut by because they pay at
	// a lower price; together they are at most bill.
	Credit(now Now, s *State, seller, lab id.Firm, bill unit.USD) (used, cut unit.USD)
}

// Prepayer is a clause of which the buyer pays a part ahead. What is left of that is [State.Ahead].
type Prepayer interface {
	// Prepaid is what is paid in the month of signing.
	Prepaid() unit.USD
	// Covers reports whether the bill of a lot uses it.
	Covers(now Now, l *market.Lot) bool
}

// Biller is a clause that causes payments when the month is billed.
type Biller interface {
	// Bill adds dues to out. A clause that counts usage towards a promise takes it off m.
	Bill(now Now, s *State, m *Meter, out *Dues)
}

// Tester is a clause that is tested when funds move: rounds, tranches, grants.
type Tester interface {
	Test(now Now, s *State, out *Dues)
}

// Feeder is a clause that gives a cloud electricity in a region.
type Feeder interface {
	// Feed returns what it gives in month t.
	Feed(t unit.Month) Feed
}

// Feed is the electricity that a clause gives a cloud.
type Feed struct {
	Buyer    id.Firm
	Region   id.Region
	Running  unit.MW // in the month
	Capacity unit.MW // when the ramp is over; 0 when the clause has run out
	Starts   unit.Month
	Ramp     unit.Months
	Connects bool // sites get their connection by it
	Queued   bool // that connection takes room of the region's grid
	Grid     bool // the power comes over the grid, whose capacity charge is due
}

// Allocator is a clause under which a maker's chips are set aside for the sites of a buyer.
type Allocator interface {
	// Allot returns what is agreed up to the end of month t.
	Allot(t unit.Month) Allotment
}

// Allotment is what a maker has promised a buyer of its chips.
type Allotment struct {
	Maker, Buyer id.Firm
	Due          float64    // volume since the beginning: MW of the sites that they fill, or H100e
	InCompute    bool       // it is counted in H100e
	First        bool       // sites under the contract are served before others
	Discount     unit.Share // off the maker's price
	PriceGain    unit.Rate  // further fall a year of the price of its compute, this month
	DensityGain  unit.Rate  // further growth a year of its compute per megawatt, this month
}

// Recruiter is a clause that changes what labs get out of their research.
type Recruiter interface {
	// Research adds the month's efforts to out.
	Research(now Now, out *Dues)
}

// Distributor is a clause that opens a channel to customers.
type Distributor interface {
	// Opens returns the channel; the first time it sets what is spent through it from the beginning.
	Opens(s *State) Channel
}

// Debtor is a clause under which one firm lends to another: what is open of the principal is [State.Owed]. The
// clause asks for interest and repayment itself; the general rate and term of the debtor's debt leave it alone.
type Debtor interface {
	// Debt says who owes, and whom.
	Debt() (debtor, creditor id.Firm)
}

// Converter is a [Debtor] whose principal becomes shares when the debtor sells shares at a price.
type Converter interface {
	// Conversion returns the company's value at which the principal converts in such a round; 0 if it does not.
	Conversion(r Round) unit.USD
	// Shares tells the largest stake that the creditor may reach by it, and whether the shares carry votes.
	Shares() (most unit.Share, nonvoting bool)
}

// Locker is a clause under which investors promise to fund no rival of a company for some time.
type Locker interface {
	// Locks reports whether an investor may not fund a lab.
	Locks(now Now, s *State, investor, lab id.Firm) bool
}

// Committer is a clause that promises payments beyond lots.
type Committer interface {
	// Outstanding returns the payments still promised after month t.
	Outstanding(t unit.Month, s *State) unit.USD
	// Last is the last month for which something is promised.
	Last() unit.Month
	// Minimum returns the spend of month t that is due whether it is used or not.
	Minimum(t unit.Month, s *State) unit.USD
	// Firm returns the share of the promise that is due in any case.
	Firm() unit.Share
}

// any of these roles; short forms for Roles.
var (
	asLab      = []string{"lab"}
	asCloud    = []string{"cloud"}
	asCustomer = []string{"lab", "cloud", "buyer"}
)

// Kind is a mechanism that a scenario can name.
type Kind struct {
	Name string
	Doc  string
	New  func() Clause
}

// Kinds lists every mechanism, in the order of the manual.
func Kinds() []Kind {
	return []Kind{
		{"equity-round", "a priced sale of new shares to a lead and a syndicate on a date", func() Clause { return new(EquityRound) }},
		{"milestone-funding", "money up front and tranches that are paid when a measured condition holds", func() Clause { return new(MilestoneFunding) }},
		{"convertible-note", "money lent that becomes shares at the next priced round", func() Clause { return new(ConvertibleNote) }},
		{"warrants", "a right to new shares that vests as capacity is delivered and the issuer gains in value", func() Clause { return new(Warrants) }},
		{"joint-venture", "members pay pledged capital into a venture that builds, and have the first right to its capacity", func() Clause { return new(JointVenture) }},
		{"loan", "money lent for a time, with covenants, refinancing or shares as security", func() Clause { return new(Lending) }},
		{"guarantee", "a firm pays what a tenant or borrower leaves unpaid, or what its plant lacks of a value, up to a cap", func() Clause { return new(Guarantee) }},
		{"first-refusal", "the holder may match an outside offer for a lab's capacity", func() Clause { return new(FirstRefusal) }},
		{"exclusivity", "a lab's compute, or the sale of a product, stays with one cloud", func() Clause { return new(Exclusivity) }},
		{"compute-credits", "prepaid compute that is used before cash, at one seller, until it expires", func() Clause { return new(ComputeCredits) }},
		{"take-or-pay", "a minimum spend that is due whether it is used or not", func() Clause { return new(TakeOrPay) }},
		{"capacity-reservation", "capacity set aside with a delivery schedule and a rent", func() Clause { return new(CapacityReservation) }},
		{"power-agreement", "electricity for a cloud's sites from a date on at an agreed price: a place in the queue, gas, nuclear or a purchase over the grid", func() Clause { return new(PowerAgreement) }},
		{"chip-supply", "a maker's chips for a cloud's or a lab's sites on a schedule, and how their cost and power develop", func() Clause { return new(ChipSupply) }},
		{"cost-plan", "people hired, offices opened or a team taken over: what it costs and what research gets out of it", func() Clause { return new(CostPlan) }},
		{"lease-pipeline", "a letter of intent, a statement of qualification, a lease and then capacity, each dearer to leave", func() Clause { return new(LeasePipeline) }},
		{"backstop", "a guarantor pays the rent of capacity that a cloud does not sell, or that one tenant has left", func() Clause { return new(Backstop) }},
		{"revenue-share", "a part of a lab's revenue or gross profit that goes to a partner", func() Clause { return new(RevenueShare) }},
		{"distribution", "a lab's models are sold through another firm, which reaches customers and keeps a share", func() Clause { return new(Distribution) }},
	}
}

func fault(term, what, hint string) Fault { return Fault{Term: term, What: what, Hint: hint} }

// positive reports an amount that must be above zero.
func positive(term string, x float64) []Fault {
	if x > 0 {
		return nil
	}
	return []Fault{fault(term, "must be above zero", "give the amount, or remove the contract with null")}
}

// notNegative reports an amount that may be zero but no less.
func notNegative(term string, x float64) []Fault {
	if x >= 0 {
		return nil
	}
	return []Fault{fault(term, "is below zero", "")}
}

// different reports two parties that are the same firm.
func different(a, b string, x, y id.Firm) []Fault {
	if x != y {
		return nil
	}
	return []Fault{fault(b, fmt.Sprintf("is the same firm as %s", a), "a clause needs two parties")}
}
