package market

import "powerplay/sim/num"

// Demand is what a market pays: a price that falls with the quantity on offer.
type Demand interface {
	// Price returns the price of q.
	Price(q float64) float64
	// Slope returns the change of that price for one more of q; it is not positive.
	Slope(q float64) float64
}

// Linear demand pays Top − Fall·q, and nothing beyond the quantity at which that is zero.
type Linear struct{ Top, Fall float64 }

// Price implements [Demand].
func (d Linear) Price(q float64) float64 { return max(0, d.Top-float64(d.Fall*q)) }

// Slope implements [Demand].
func (d Linear) Slope(q float64) float64 {
	if d.Top <= float64(d.Fall*q) {
		return 0
	}
	return -d.Fall
}

// Isoelastic demand pays Rent for Quantity, and Elasticity per cent less for one per cent more.
type Isoelastic struct{ Rent, Quantity, Elasticity float64 }

// Price implements [Demand].
func (d Isoelastic) Price(q float64) float64 {
	return float64(d.Rent * num.Exp(-d.Elasticity*num.Log(max(q, 1e-9*d.Quantity)/d.Quantity)))
}

// Slope implements [Demand].
func (d Isoelastic) Slope(q float64) float64 {
	q = max(q, 1e-9*d.Quantity)
	return -d.Elasticity * d.Price(q) / q
}

// BestReply returns the capacity at which a seller earns most if the others put rivals on the market, capacity
// costs it cost, and all capacity is let at the price that clears the market:
//
//	x* = argmax (P(rivals + x) − cost)·x,   so   P(rivals + x) + x·P′(rivals + x) = cost      (3.9)
//
// between 0 and most. With linear demand a − b·q it is (a − cost − b·rivals)/2b. Two sellers who build first and
// set prices after end where each one's capacity is its best reply to the other's (Kreps and Scheinkman, "Quantity
// Precommitment and Bertrand Competition Yield Cournot Outcomes", Bell Journal of Economics 14(2), 1983).
func BestReply[D Demand](d D, rivals, cost, most float64) float64 {
	gain := func(x float64) float64 { return d.Price(rivals+x) + float64(x*d.Slope(rivals+x)) - cost }
	if most <= 0 || gain(0) <= 0 {
		return 0
	}
	if gain(most) >= 0 {
		return most
	}
	low, high := 0.0, most
	for range halvings {
		if x := float64((low + high) / 2); gain(x) > 0 {
			low = x
		} else {
			high = x
		}
	}
	return (low + high) / 2
}

// halvings brings a bisection to one part in 10^15 of where it began.
const halvings = 50

// Capacities lets each of n sellers in turn build its best reply to the others until nobody changes, and returns
// the price. cost and capacity have length n; capacity is where they begin and where they end, none above most.
func Capacities[D Demand](d D, cost, capacity []float64, most float64) (price float64) {
	for range rounds {
		moved := 0.0
		for i := range capacity {
			x := BestReply(d, num.Sum(capacity)-capacity[i], cost[i], most)
			moved = max(moved, x-capacity[i], capacity[i]-x)
			capacity[i] = x
		}
		if moved <= 1e-12*most {
			break
		}
	}
	return d.Price(num.Sum(capacity))
}

// rounds bounds the turns of Capacities; in turns they settle in a few dozen.
const rounds = 10_000

// Sells reports whether a seller with so much capacity, its cost sunk, lets all of it when the others let all of
// theirs: it does unless it would earn more by holding some back.
func Sells[D Demand](d D, rivals, capacity float64) bool {
	return BestReply(d, rivals, 0, capacity) >= capacity
}
