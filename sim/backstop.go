package sim

import (
	"powerplay/sim/contract"
	"powerplay/sim/id"
	"powerplay/sim/unit"
)

// rented is what the tenant that a guarantee names has signed with its cloud; 0 if it names none or the tenant is gone.
func (w *World) rented(b *contract.Backstop) unit.MW {
	if b.Tenant == id.None || w.firms[b.Tenant].failed {
		return 0
	}
	if x := w.ties.has(b.Tenant, b.Cloud); x != nil {
		return unit.MW(x.contracted)
	}
	return 0
}

// meterBackstop reads what a guarantee turns on: capacity that its cloud has not let, and what its tenant rents.
func (w *World) meterBackstop(b *contract.Backstop) {
	w.reading.Unsold = unit.MW(w.clouds[w.firms[b.Cloud].cloud].unsold)
	w.reading.Rented = w.rented(b)
}

// secured is the capacity of a cloud whose rent guarantors still owe in month later if nobody else takes it: to
// lenders it is as good as signed.
func (w *World) secured(cloud id.Firm, t, later unit.Month) float64 {
	x, d := 0.0, &w.deals
	for n, b := range d.backstops.of[cloud].each {
		if b.Cloud == cloud && d.active(n, t) && later <= d.ends[n] && !w.firms[b.Guarantor].failed {
			x += float64(b.Secures(&d.states[n], w.rented(b)))
		}
	}
	return x
}
