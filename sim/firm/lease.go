package firm

import "powerplay/sim/unit"

// TenantView is what a tenant knows when it asks itself whether to leave a lease.
type TenantView struct {
	Size      unit.MW   // what it may leave
	Whole     bool      // it may leave all of it or nothing
	Surplus   unit.MW   // signed beyond its need
	Promised  unit.USD  // rent of Size that is due from now on whether it is used or not
	Floor     float64   // share of the rent that is due so
	Rent      unit.Rent // of the lease
	Market    unit.Rent // market rent
	Switching float64   // cost of another seller, share of the rent
	Cost      unit.USD  // of leaving all of Size; paid at once unless Whole, else as rent until the notice is over
	Free      unit.USD  // what it can spare at once
}

// Leave decides how much of a lease a tenant leaves, and what that saves it.
//
//	saved(x) = promised/size·(idle + (x − idle)·(1 − market·(1+switching)/rent)/floor) − cost/size·x,   idle = min(x, surplus)
//
// Of nothing, its surplus and everything, as far as it can pay for leaving, it leaves what saves most: what it does not
// need costs it the floor, what it needs it would have to rent elsewhere. In a tie it stays.
func (v TenantView) Leave() (size unit.MW, saved unit.USD) {
	most := v.Size
	if !v.Whole {
		if v.Cost > v.Free {
			most *= unit.MW(max(0, v.Free).Dollars() / v.Cost.Dollars())
		}
		if x := min(most, max(0, v.Surplus)); v.saved(x) > 0 {
			size, saved = x, v.saved(x)
		}
	}
	if s := v.saved(most); s > saved {
		size, saved = most, s
	}
	return size, saved
}

// saved is what leaving x is worth.
func (v TenantView) saved(x unit.MW) unit.USD {
	if v.Size <= 0 || v.Rent <= 0 || v.Floor <= 0 {
		return 0
	}
	idle := min(x, max(0, v.Surplus))
	elsewhere := float64(v.Market) * (1 + v.Switching) / float64(v.Rent)
	return v.Promised.Times(float64(idle/v.Size)) + v.Promised.Times(float64((x-idle)/v.Size)*(1-elsewhere)/v.Floor) - v.Cost.Times(float64(x/v.Size))
}

// LandlordView is what a landlord knows when it may give a tenant notice.
type LandlordView struct {
	Size   unit.MW
	Rent   unit.Rent // of the lease
	Market unit.Rent
	Resale unit.Share // share of the market rent that it gets by letting to another
	Lacks  unit.MW    // what its own lab lacks
}

// Ends reports whether a landlord takes its capacity back: another pays more, or its own lab lacks all of it.
//
//	resale·market > rent, or lacks ≥ size
func (v LandlordView) Ends() bool {
	return float64(v.Resale)*float64(v.Market) > float64(v.Rent) || v.Lacks >= v.Size
}
