package sim

import (
	"iter"

	"powerplay/sim/id"
	"powerplay/sim/unit"
)

// arrear is a bill that was not paid in its month.
type arrear struct {
	debtor, creditor id.Firm
	amount           unit.USD
	payroll          bool  // staff are paid a month late as a rule
	senior           bool  // interest: paid before all else where firms that cannot pay owe each other
	before           int32 // place of the debtor's bill before this one, counted from 1; 0 if there is none
}

// arrears lists unpaid bills in the order in which they came, and finds those of one debtor.
type arrears struct {
	list []arrear
	last []int32 // by debtor, place of its newest bill, counted from 1; 0 if it owes nothing
}

func (x *arrears) reset() {
	x.list = x.list[:0]
	clear(x.last)
}

func (x *arrears) add(a arrear) {
	a.before = x.last[a.debtor]
	x.list = append(x.list, a)
	x.last[a.debtor] = int32(len(x.list))
}

// keep forgets the bills for which stays is false.
func (x *arrears) keep(stays func(*arrear) bool) {
	all := x.list
	x.reset()
	for i := range all {
		if stays(&all[i]) {
			x.add(all[i])
		}
	}
}

// of goes through a debtor's bills, the newest first.
func (x *arrears) of(debtor id.Firm) iter.Seq[*arrear] {
	return func(yield func(*arrear) bool) {
		for k := x.last[debtor]; k != 0 && yield(&x.list[k-1]); k = x.list[k-1].before {
		}
	}
}
