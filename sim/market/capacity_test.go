package market

import (
	"testing"

	"pgregory.net/rapid"
)

func TestTwoCloudsThatBuildFirstAndPriceAfter(t *testing.T) {
	d := Linear{Top: 100, Fall: 1}
	capacity := []float64{1, 70}
	price := Capacities(d, []float64{10, 10}, capacity, 100)
	// Each builds (100 − 10)/3 and both get 100 − 60 for it.
	if !within(capacity[0], 30, 1e-9) || !within(capacity[1], 30, 1e-9) || !within(price, 40, 1e-9) {
		t.Errorf("capacities %v at a price of %g, want 30 and 30 at 40", capacity, price)
	}
	for i := range capacity { // (100 − 30)/2 = 35 would be held back from, 30 is not
		if !Sells(d, capacity[1-i], capacity[i]) {
			t.Errorf("cloud %d holds back some of its %g", i, capacity[i])
		}
	}
	if Sells(d, 30, 36) {
		t.Error("with 36 beside 30 a cloud sells all of it, want some held back")
	}
}

func TestBestReplies(t *testing.T) {
	tests := []struct {
		name string
		got  float64
		want float64
	}{
		{"(100 − 10 − 30)/2 beside 30", BestReply(Linear{100, 1}, 30, 10, 100), 30},
		{"a monopolist builds half of what price at cost would sell", BestReply(Linear{100, 1}, 0, 10, 100), 45},
		{"half as much where price falls twice as fast", BestReply(Linear{100, 2}, 0, 10, 100), 22.5},
		{"nothing beside rivals who leave no room", BestReply(Linear{100, 1}, 95, 10, 100), 0},
		{"no more than it can", BestReply(Linear{100, 1}, 30, 10, 12), 12},
		// P·(1 − e·x/(x+rivals)) = cost at x = 50, rivals = 50: 20·(1 − ½·½) = 15.
		{"of demand with one elasticity", BestReply(Isoelastic{Rent: 20, Quantity: 100, Elasticity: 0.5}, 50, 15, 1000), 50},
	}
	for _, tt := range tests {
		if !within(tt.got, tt.want, 1e-9*100) {
			t.Errorf("%s: builds %.10g, want %g", tt.name, tt.got, tt.want)
		}
	}
}

// With linear demand and costs of their own, n sellers end at q = (a − n·c + Σ of the others' costs)/(b·(n+1)).
func TestCapacitiesOfSellersWithCostsOfTheirOwn(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 5).Draw(t, "sellers")
		cost, capacity := make([]float64, n), make([]float64, n)
		sum := 0.0
		for i := range cost {
			cost[i] = rapid.Float64Range(5, 15).Draw(t, "cost") // near enough that all build
			sum += cost[i]
		}
		price := Capacities(Linear{100, 2}, cost, capacity, 100)
		for i := range cost {
			want := (100 - float64(n)*cost[i] + sum - cost[i]) / (2 * float64(n+1))
			if !within(capacity[i], want, 1e-6) {
				t.Fatalf("costs %v: seller %d builds %g, want %g", cost, i, capacity[i], want)
			}
		}
		if want := (100 + sum) / float64(n+1); !within(price, want, 1e-6) {
			t.Fatalf("costs %v: price %g, want %g", cost, price, want)
		}
	})
}
