package contract

import (
	"testing"

	"powerplay/sim/id"
	"powerplay/sim/unit"
)

func TestAChannelKeepsItsShareOfWhatItSells(t *testing.T) {
	// $300 of enterprise and $100 of consumer revenue cost $200 to serve, $150 and $50; half of each comes through it.
	m := Meter{Enterprise: unit.Dollars(300), Consumer: unit.Dollars(100), ServingCost: unit.Dollars(200), UsageBill: unit.Dollars(999)}
	tests := []struct {
		name string
		c    Distribution
		want float64
	}{
		{"a fifth of revenue", Distribution{Segment: "enterprise", ResellerShare: 0.2, Base: "revenue"}, 30},
		{"a fifth of gross profit", Distribution{Segment: "enterprise", ResellerShare: 0.2, Base: "gross-profit"}, 15},
		{"half of consumers' gross profit", Distribution{Segment: "consumer", ResellerShare: 0.5, Base: "gross-profit"}, 12.5},
		{"nothing where it keeps nothing", Distribution{Segment: "enterprise", Base: "revenue"}, 0},
	}
	for _, tt := range tests {
		s, out := State{Through: 0.5}, Dues{}
		tt.c.Lab, tt.c.Channel = lab, cloud
		tt.c.Bill(Now{Contract: 4}, &s, &m, &out)
		var got Payment
		if len(out.Payments) == 1 {
			got = out.Payments[0]
		}
		want := Payment{}
		if tt.want > 0 {
			want = Payment{lab, cloud, unit.Dollars(tt.want), "reseller-share", 4, Share}
		}
		if len(out.Payments) > 1 || got != want || s.Paid != want.Amount {
			t.Errorf("%s: asks for %+v and remembers $%v, want %+v", tt.name, out.Payments, s.Paid.Dollars(), want)
		}
	}
}

func TestAChannelThatServesAtALossIsOwedNothing(t *testing.T) {
	c := Distribution{Lab: lab, Channel: cloud, Segment: "enterprise", ResellerShare: 0.5, Base: "gross-profit"}
	s, out := State{Through: 1}, Dues{}
	if c.Bill(Now{}, &s, &Meter{Enterprise: 100, ServingCost: 300}, &out); len(out.Payments) != 0 {
		t.Errorf("asks for %v", out.Payments)
	}
}

func TestWhatIsSoldFromTheBeginningIsSetOnce(t *testing.T) {
	c := Distribution{Lab: lab, Channel: cloud, Segment: "enterprise", Reach: 0.3, LockIn: 0.2, Sold: 0.4}
	var s State
	if got, want := c.Opens(&s), (Channel{lab, cloud, "enterprise", 0.3, 0.2}); got != want || s.Through != 0.4 {
		t.Errorf("opens %+v with %v of spend, want %+v with 0.4", got, s.Through, want)
	}
	s.Through = 0.1
	if c.Opens(&s); s.Through != 0.1 {
		t.Errorf("spend through it is set back to %v", s.Through)
	}
}

func TestOnlyExclusiveSalesClash(t *testing.T) {
	sale := func(channel id.Firm, product, segment string, exclusive bool) *Distribution {
		return &Distribution{Lab: lab, Channel: channel, Product: product, Segment: segment, Exclusive: exclusive}
	}
	right := &Exclusivity{Lab: lab, Holder: cloud, Object: "api", Scope: "full", Workload: "all"}
	tests := []struct {
		name string
		a, b Clause
		want bool
	}{
		{"two catalogues", sale(cloud, "api", "enterprise", false), sale(rival, "api", "enterprise", false), false},
		{"an exclusive one and another", sale(cloud, "api", "enterprise", true), sale(rival, "api", "enterprise", false), true},
		{"two exclusive ones", sale(cloud, "api", "enterprise", true), sale(rival, "api", "enterprise", true), true},
		{"of other products", sale(cloud, "api", "enterprise", true), sale(rival, "agents", "enterprise", true), false},
		{"to other customers", sale(cloud, "api", "enterprise", true), sale(rival, "api", "consumer", true), false},
		{"by the same firm", sale(cloud, "api", "enterprise", true), sale(cloud, "api", "enterprise", false), false},
		{"an exclusive right and a sale elsewhere", right, sale(rival, "api", "enterprise", false), true},
		{"an exclusive right and a sale by its holder", right, sale(cloud, "api", "enterprise", true), false},
		{"a first refusal over compute and a sale", &FirstRefusal{Lab: lab, Holder: rival}, sale(cloud, "models", "enterprise", false), false},
	}
	for _, tt := range tests {
		if got, back := Contradict(tt.a, tt.b), Contradict(tt.b, tt.a); got != tt.want || back != tt.want {
			t.Errorf("%s: clash %v and, the other way round, %v, want %v", tt.name, got, back, tt.want)
		}
	}
}

func TestAChannelNeedsTwoFirmsAndReach(t *testing.T) {
	for want, c := range map[string]Distribution{
		"":        {Lab: lab, Channel: cloud, Reach: 0.1},
		"channel": {Lab: lab, Channel: lab, Reach: 0.1},
		"reach":   {Lab: lab, Channel: cloud},
	} {
		got := ""
		if f := c.Faults(); len(f) > 0 {
			got = f[0].Term
		}
		if got != want {
			t.Errorf("%+v: fault of %q, want %q", c, got, want)
		}
	}
}
