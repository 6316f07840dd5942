package main

import (
	"powerplay/sim/ledger"
	"powerplay/sim/measure"
	"powerplay/sim/record"
)

// makeup says what a measure is made of.
type makeup struct {
	parts []measure.ID // of the same firm, pair or region; of either firm of a pair, or of the world, where they are theirs
	firms measure.ID   // of each firm, the largest first; the measure itself for none
	terms []addend     // what it is the sum of
	rest  string       // and what is left of it after them
	set   []setter     // what sets it anew
}

// setter is a kind of event that sets a number of the firm that decides, or of its counterpart.
type setter struct {
	kind        string
	counterpart bool
}

// addend is a number that another adds up from; before is that of the month before.
type addend struct {
	measure measure.ID
	before  bool
	sign    float64
}

// makeupOf lists what explain shows beneath a number.
func makeupOf(m measure.ID) makeup {
	of := func(parts ...measure.ID) makeup { return makeup{parts: parts, firms: m} }
	sumOver := func(firms measure.ID, parts ...measure.ID) makeup { return makeup{parts: parts, firms: firms} }
	switch m {
	case measure.MarketShare:
		return of(measure.RevenueRunRate, measure.MarketSize, measure.MarketShareEnterprise, measure.MarketShareConsumer)
	case measure.MarketShareEnterprise:
		return of(measure.RevenueRunRateEnterprise, measure.MarketSizeEnterprise, measure.Capability, measure.Price, measure.ReachEnterprise)
	case measure.MarketShareConsumer:
		return of(measure.RevenueRunRateConsumer, measure.MarketSizeConsumer, measure.Capability, measure.Price, measure.ReachConsumer)
	case measure.RevenueRunRate:
		return of(measure.RevenueRunRateEnterprise, measure.RevenueRunRateConsumer, measure.MarketShare, measure.UnmetDemand)
	case measure.Revenue:
		return of(measure.RevenueRunRate, measure.ComputeRevenue, measure.ChipRevenue)
	case measure.ComputeRevenue:
		return of(measure.CapacityEnergised, measure.Utilisation, measure.RentPerGWYear)
	case measure.ComputeShare:
		return of(measure.CapacityUsed, measure.Compute)
	case measure.CapacityEnergised, measure.CapacityUnderConstruction, measure.CapacityAnnounced:
		return of(measure.CapacityEnergised, measure.CapacityUnderConstruction, measure.WaitingForPower, measure.WaitingForChips, measure.WaitingForMoney)
	case measure.CapacityUsed, measure.CapacityContracted, measure.Utilisation, measure.UnmetDemand, measure.ComputeNeed:
		return of(measure.CapacityUsed, measure.CapacityContracted, measure.CapacityEnergised, measure.ComputeNeed, measure.UnmetDemand, measure.Utilisation)
	case measure.ContractedCapacity, measure.DeliveredCapacity:
		return of(measure.ContractedCapacity, measure.DeliveredCapacity, measure.Spend, measure.CapacityEnergised, measure.CapacityContracted)
	case measure.GrossMargin:
		return of(measure.RevenueRunRate, measure.CapacityUsed, measure.RentPerGWYear)
	case measure.Cash:
		return makeup{
			terms: []addend{{m, true, 1}, {measure.OperatingCashFlow, false, 1}, {measure.Capex, false, -1}}, firms: m,
			rest: "equity, debt, stakes and payments ahead, net",
		}
	case measure.Burn:
		return of(measure.OperatingCashFlow, measure.Capex)
	case measure.Runway:
		return of(measure.Cash, measure.Burn)
	case measure.OperatingCashFlow, measure.Profit:
		return of(measure.Revenue, measure.OperatingCashFlow, measure.Profit)
	case measure.Valuation, measure.CapitalRaised:
		return makeup{
			parts: []measure.ID{measure.CapitalRaised, measure.RevenueRunRate, measure.OperatingCashFlow, measure.Sentiment}, firms: m,
			set: []setter{{"round", false}, {"rescue", false}, {"tranche", true}, {"convert", true}},
		}
	case measure.Debt, measure.DebtCover:
		return of(measure.Debt, measure.DebtCover, measure.OperatingCashFlow, measure.Capex)
	case measure.CommitmentsOutstanding:
		return of(measure.CapacityContracted, measure.RentPerGWYear)
	case measure.Stake, measure.Votes, measure.Invested:
		return of(measure.Stake, measure.Votes, measure.Invested)
	case measure.CircularSharePair, measure.VendorFinanceShare:
		return of(measure.Invested, measure.Spend)
	case measure.Spend:
		return of(measure.DeliveredCapacity, measure.DeliveredChips, measure.RentPerGWYear)
	case measure.HHI, measure.HHIOwnerGroup:
		return sumOver(measure.MarketShare)
	case measure.HHIEnterprise:
		return sumOver(measure.MarketShareEnterprise)
	case measure.HHIConsumer:
		return sumOver(measure.MarketShareConsumer)
	case measure.HHIComputeUsed:
		return sumOver(measure.ComputeShare)
	case measure.HHIComputeOwned, measure.TotalEnergised:
		return sumOver(measure.CapacityEnergised)
	case measure.TotalCapex:
		return sumOver(measure.Capex)
	case measure.FrontierCapability:
		return sumOver(measure.Capability)
	case measure.MarketSize:
		return sumOver(measure.RevenueRunRate, measure.MarketSizeEnterprise, measure.MarketSizeConsumer)
	case measure.RentPerGWYear, measure.H100Rental:
		return of(measure.RentPerGWYear, measure.H100Rental, measure.TotalEnergised, measure.ChipSupply, measure.ChipOrders)
	case measure.ChipSupply, measure.ChipOrders:
		return of(measure.ChipSupply, measure.ChipOrders)
	case measure.PowerConnected, measure.PowerQueued:
		return of(measure.PowerConnected, measure.PowerQueued)
	}
	return of()
}

// accountsOf are the accounts of a firm that a measure of it is read from; none where no posting makes it.
func accountsOf(m measure.ID) []ledger.Account {
	sales := []ledger.Account{ledger.ModelRevenue, ledger.ComputeRevenue, ledger.ChipRevenue, ledger.ShareIncome}
	switch m {
	case measure.MarketShare, measure.MarketShareEnterprise, measure.MarketShareConsumer,
		measure.RevenueRunRate, measure.RevenueRunRateEnterprise, measure.RevenueRunRateConsumer:
		return sales[:1]
	case measure.ComputeRevenue:
		return sales[1:2]
	case measure.ChipRevenue:
		return sales[2:3]
	case measure.Revenue:
		return sales
	case measure.Cash, measure.Burn, measure.Runway, measure.OperatingCashFlow:
		return []ledger.Account{ledger.Cash}
	case measure.Capex:
		return []ledger.Account{ledger.Works, ledger.Plant, ledger.Depreciation} // what wears out is no capex: it nets out
	case measure.Debt, measure.DebtCover:
		return []ledger.Account{ledger.Debt}
	case measure.Valuation, measure.CapitalRaised:
		return []ledger.Account{ledger.PaidIn}
	case measure.Stake, measure.Invested:
		return []ledger.Account{ledger.Stakes}
	case measure.Spend:
		return []ledger.Account{ledger.ComputeCost, ledger.Works, ledger.Plant}
	case measure.Levies:
		return []ledger.Account{ledger.Levy}
	}
	return nil
}

// growth is by how much a posting makes an account grow, in cents.
func growth(p record.Posting, firm string, a ledger.Account) int64 {
	moves := p.Moves(firm, a.String())
	if c := a.Class(); c == ledger.Asset || c == ledger.Expense {
		return moves
	}
	return -moves
}
