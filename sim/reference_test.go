package sim

import (
	"fmt"
	"math"
	"testing"

	"powerplay/sim/contract"
	"powerplay/sim/firm"
	"powerplay/sim/ledger"
	"powerplay/sim/measure"
	"powerplay/sim/rng"
	"powerplay/sim/unit"
)

// What one contract and one firm more cost the engine a month is held against loops written by hand that work out the
// same equations and nothing else: no phases, no roles, no words, no clauses of other kinds. The tests show that both
// come to the same cents; the benchmarks give their cost.

// many is the number of contracts or firms that are added to the small world.
const many = 1000

// withLots is the small world with n small reservations more, all alike.
func withLots(n int) *Model {
	var more []contract.Contract
	for i := range n {
		more = append(more, contract.Contract{
			Key: fmt.Sprintf("more-%d", i), Kind: "capacity-reservation", Signed: unit.Date(2024, 1), Terms: &contract.CapacityReservation{
				Buyer: labA, Seller: cloudC, Capacity: 0.1, Starts: unit.Date(2024, 1), Ramp: 1, Term: 240, Rent: 11 * bn, Floor: 0.85, Chips: maker,
			},
		})
	}
	return small(more...)
}

// plainLots is what a month asks of reservations, without an engine: delivery, use, the forecast of what stays free, bills
// as far as there is cash and their four entries in the books, what the window of circular shares counts, and what is still
// to be paid, in cents.
type plainLots struct {
	lots                                                                            []plainLot
	change                                                                          [ahead + 2]float64
	books                                                                           [2]plainBook // buyer and seller
	contracted, due, delivered, rented, paid, used, committed, later, spend, fitted float64
	window                                                                          [window]int64 // spend, by month
	circular, rest, arrears                                                         int64
	service                                                                         []contract.Service
}

// plainBook is what bills touch of a firm: cash, cost or revenue, what moved of both in the month, and what it began with.
type plainBook struct{ cash, flow, cashMoved, flowMoved, opening int64 }

func (b *plainBook) post(x int64) {
	b.cash, b.flow, b.cashMoved, b.flowMoved = b.cash+x, b.flow-x, b.cashMoved+x, b.flowMoved-x
}

type plainLot struct {
	start, end        unit.Month
	size, rent, floor float64
	delivered, used   float64
}

func (p *plainLots) month(t unit.Month, own, intensity float64) {
	p.contracted, p.due, p.delivered, p.rented, p.paid, p.used, p.committed, p.later, p.spend, p.fitted = 0, 0, 0, 0, 0, 0, 0, 0, 0, 0
	buyer, seller, rest := &p.books[0], &p.books[1], int64(0)
	before := buyer.cash + seller.cash
	spent := &p.window[t%window]
	p.circular -= *spent
	*spent = 0
	clear(p.change[:])
	for i := range p.lots {
		l := &p.lots[i]
		due := l.at(t)
		p.contracted += l.size
		p.due += due
		l.delivered = min(due, own)
		own -= l.delivered
		p.delivered += l.delivered
		p.rented += l.delivered
		p.paid += float64(l.delivered * l.floor)
		p.service[i].Due += unit.MW(due)
		p.service[i].Delivered += unit.MW(l.delivered)
		p.service[i].Late += unit.Rent(l.rent).ForMonth(unit.MW(max(0, due-l.delivered)))
		l.used = float64(l.delivered * intensity)
		p.used += l.used
		p.change[min(ahead+1, max(0, int(l.start-t)))] -= l.size
		p.change[min(ahead+1, max(0, int(l.end+1-t)))] += l.size
		p.committed += l.at(t + 22)
		p.later += l.at(t + 12)
		p.fitted += l.delivered
		bill := cents(l.rent / 12 * max(l.used, l.floor*l.delivered) / 1000)
		p.spend += float64(bill) / 100
		*spent += bill
		p.circular += bill
		paid := min(bill, buyer.cash)
		p.arrears += bill - paid
		buyer.post(-paid)
		seller.post(paid)
		if buyer.cash+buyer.flow != buyer.opening || seller.cash+seller.flow != seller.opening || buyer.cash+seller.cash != before {
			panic("a cent is lost")
		}
		rest += cents(l.rent / 12 / 1000 * l.size * float64(max(0, l.end-t)) * l.floor)
	}
	p.rest = rest
}

func (l *plainLot) at(t unit.Month) float64 {
	if t < l.start || t > l.end {
		return 0
	}
	return l.size
}

func newPlainLots(n int) *plainLots {
	const cash = 1 << 60
	p := &plainLots{service: make([]contract.Service, n), books: [2]plainBook{{cash: cash, opening: cash}, {}}}
	for range n {
		p.lots = append(p.lots, plainLot{start: unit.Date(2024, 1), end: unit.Date(2043, 12), size: 0.1, rent: 11 * bn, floor: 0.85})
	}
	return p
}

func TestLotsByHandComeToTheSameCents(t *testing.T) {
	m := withLots(many)
	w := NewWorld(m)
	w.Reset(m, rng.Run{})
	at := m.Start + 1
	if err := w.Step(at); err != nil {
		t.Fatal(err)
	}
	p := newPlainLots(many)
	p.month(at, 1e9, w.labs[0].intensity)
	var want unit.USD
	used := 0.0
	for i := range w.lots {
		if l := &w.lots[i]; l.Size == 0.1 {
			want += l.Bill()
			used += float64(l.Used)
		}
	}
	if got := unit.USD(p.books[1].cash); got != want || want <= 0 {
		t.Errorf("by hand the lots cost %d cents, by the engine %d", got, want)
	}
	if math.Abs(p.used-used) > 1e-9*used {
		t.Errorf("by hand %g MW are used, by the engine %g", p.used, used)
	}
}

// BenchmarkContractMonth is the cost of one reservation more, a month, and that of the same by hand.
func BenchmarkContractMonth(b *testing.B) {
	b.Run("engine", func(b *testing.B) { marginal(b, withLots(0), withLots(many)) })
	b.Run("by hand", func(b *testing.B) {
		p := newPlainLots(many)
		at := unit.Date(2026, 1)
		for b.Loop() {
			p.month(at, 1e9, 0.9)
		}
		b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*many), "ns/each")
	})
}

// marginal reports what each of the things that more has over less costs a month, over the first year.
func marginal(b *testing.B, less, more *Model) {
	const months = 12
	var took [2]float64
	worlds := [2]*World{NewWorld(less), NewWorld(more)}
	models := [2]*Model{less, more}
	for b.Loop() {
		for k, w := range worlds {
			b.StopTimer()
			w.Reset(models[k], rng.Run{Seed: 1, Index: 1})
			b.StartTimer()
			before := b.Elapsed()
			for t := less.Start + 1; t <= less.Start+months; t++ {
				if err := w.Step(t); err != nil {
					b.Fatal(err)
				}
			}
			took[k] += float64((b.Elapsed() - before).Nanoseconds())
		}
	}
	b.ReportMetric((took[1]-took[0])/float64(b.N*months*many), "ns/each")
}

// withFirms is the small world with n listed firms more that have a business, a debt and no role.
func withFirms(n int) *Model {
	m := small()
	for i := range n {
		m.Firms = append(m.Firms, firm.Firm{
			Key: fmt.Sprintf("more-%d", i), Name: "One more", Listed: true, Cash: unit.Dollars(5 * bn), Debt: unit.Dollars(2 * bn), DebtRate: 0.05, DebtTerm: 120,
			Valuation: unit.Dollars(60 * bn), OperatingCashFlow: 6 * bn, CashFlowGrowth: 0.1, CashFlowFade: 0.9, Capex: 3 * bn, CapexAIShare: 0,
		})
	}
	m.Layout = measure.NewLayout(len(m.Firms), len(m.Regions), Pairs(m))
	return m
}

// plainFirms is what a month asks of firms with a business and a debt, without an engine.
type plainFirms struct {
	firms   []plainFirm
	outside [plainAccounts]int64 // of whoever is on the other side
	frame   []float64
}

type plainFirm struct {
	books     [plainAccounts]int64
	moved     [plainAccounts]int64
	rate      float64
	term      float64
	business  float64 // dollars a month
	growth    float64
	other     float64
	cashFlow  float64
	opening   float64
	capexYear float64
	value0    float64
	value     float64
	reserve   float64
	burn      [3]float64
}

const (
	plainCash = iota
	plainDebt
	plainPlant
	plainIncome
	plainInterest
	plainWorn
	plainCost
	plainOpening
	plainAccounts
)

func (f *plainFirm) post(debit, credit int, x int64) {
	f.books[debit] += x
	f.books[credit] -= x
	f.moved[debit] += x
	f.moved[credit] -= x
}

// pay moves cash to the outside against a cost of the firm and an income of the outside. The firm borrows what is missing.
func (f *plainFirm) pay(outside *[plainAccounts]int64, cost int, x int64) {
	if short := x - f.books[plainCash]; short > 0 {
		f.take(outside, plainDebt, plainDebt, short)
	}
	f.post(cost, plainCash, x)
	outside[plainCash] += x
	outside[plainIncome] -= x
}

// take moves cash from the outside against an account of each.
func (f *plainFirm) take(outside *[plainAccounts]int64, account, theirs int, x int64) {
	f.post(plainCash, account, x)
	outside[plainCash] -= x
	outside[theirs] += x
}

func cents(x float64) int64 { return int64(math.Round(x * 100)) }

func (p *plainFirms) month(first bool, life, fading, mood float64) {
	for i := range p.firms {
		f := &p.firms[i]
		f.moved = [plainAccounts]int64{}
		f.burn[2], f.burn[1] = f.burn[1], f.burn[0]
		f.burn[0] = -f.cashFlow / 12
		debt := -f.books[plainDebt]
		interest := int64(math.Round(float64(debt) * f.rate / 12))
		f.pay(&p.outside, plainInterest, interest)
		due := int64(math.Round(float64(debt) / f.term))
		if spare := f.books[plainCash] - cents(f.reserve); spare > due {
			due = min(debt, max(due, spare/12))
		}
		if f.books[plainCash] >= due {
			f.take(&p.outside, plainDebt, plainDebt, -due)
		}
		if first {
			f.business = f.opening/12 + float64(interest)/100
		} else {
			f.business *= 1 + f.growth/12
			f.growth *= fading
		}
		f.take(&p.outside, plainIncome, plainCost, cents(f.business))
		f.other *= 1 + f.growth/12
		f.pay(&p.outside, plainPlant, cents(f.other))
		f.post(plainWorn, plainPlant, int64(math.Round(float64(f.books[plainPlant])/life)))
		operating := float64(f.moved[plainCash]+f.moved[plainPlant]+f.moved[plainWorn]+f.moved[plainDebt]) / 100
		capex := f.other
		f.capexYear += (12*capex - f.capexYear) / 12
		f.cashFlow += (12*operating - f.cashFlow) / 12
		f.value = f.value0 * mood * max(0.1, f.cashFlow/f.opening)
		mean := (f.burn[0] + f.burn[1] + f.burn[2]) / 3
		runway := 120.0
		if mean > 0 {
			runway = min(runway, float64(f.books[plainCash])/100/mean)
		}
		sum := int64(0)
		for _, x := range f.books {
			sum += x
		}
		if sum != 0 || f.books[plainCash] < 0 {
			panic("a cent is lost")
		}
		frame := p.frame[i*plainMeasures:][:plainMeasures]
		profit := -(f.books[plainIncome] + f.books[plainInterest] + f.books[plainWorn])
		for k, x := range [plainMeasures]float64{
			0, 0, 0, float64(f.books[plainCash]) / 100, -float64(f.books[plainDebt]) / 100, min(10, operating*100/float64(interest+due+1)), 0, operating, capex,
			max(0, mean), runway, float64(profit) / 100, f.value, 0, 0, 0,
		} {
			frame[k] = x
		}
	}
}

// plainMeasures is the number of measures that the engine writes for each firm.
const plainMeasures = 16

func newPlainFirms(n int) *plainFirms {
	p := &plainFirms{frame: make([]float64, n*plainMeasures)}
	for range n {
		f := plainFirm{
			rate: 0.05, term: 120, growth: math.Log(1.1), other: 3 * bn / 12, cashFlow: 6 * bn, opening: 6 * bn, capexYear: 3 * bn, value0: 60 * bn,
			reserve: 2.5 * bn, burn: [3]float64{-bn / 2, -bn / 2, -bn / 2},
		}
		f.books[plainCash], f.books[plainDebt], f.books[plainOpening] = cents(5*bn), -cents(2*bn), -cents(3*bn)
		p.firms = append(p.firms, f)
	}
	return p
}

func TestFirmsByHandComeToTheSameCents(t *testing.T) {
	m := withFirms(3)
	w := NewWorld(m)
	w.Reset(m, rng.Run{})
	at := m.Start + 1
	if err := w.Step(at); err != nil {
		t.Fatal(err)
	}
	p := newPlainFirms(3)
	p.month(true, float64(m.Market.Build.AccountingLife), fade(0.9), 1)
	last := firmID(len(m.Firms) - 1)
	for _, x := range []struct {
		name string
		got  int64
		want unit.USD
	}{
		{"cash", p.firms[2].books[plainCash], w.books.Balance(last, ledger.Cash)},
		{"debt", -p.firms[2].books[plainDebt], w.books.Amount(last, ledger.Debt)},
		{"plant", p.firms[2].books[plainPlant], w.books.Balance(last, ledger.Plant)},
	} {
		if unit.USD(x.got) != x.want {
			t.Errorf("by hand the %s is %d cents, by the engine %d", x.name, x.got, x.want)
		}
	}
}

// BenchmarkFirmMonth is the cost of one firm more with a business and a debt, a month, and that of the same by hand.
func BenchmarkFirmMonth(b *testing.B) {
	b.Run("engine", func(b *testing.B) { marginal(b, withFirms(0), withFirms(many)) })
	b.Run("by hand", func(b *testing.B) {
		p, opening := newPlainFirms(many), newPlainFirms(many)
		const months = 12
		for b.Loop() {
			copy(p.firms, opening.firms)
			for t := range months {
				p.month(t == 0, 72, fade(0.9), 1)
			}
		}
		b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*many*months), "ns/each")
	})
}
