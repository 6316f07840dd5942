// Package measure names everything that the model lets itself be asked about: each measure has a name, a
// dimension, a scope and a meaning, and its values at the close of the last months stand in a [Panel].
// Conditions of contracts and expectations read measures, charts draw them, tables list them.
package measure

import (
	"math"
	"strings"

	"powerplay/sim/unit"
)

// ID names a measure: its place in [All].
type ID uint16

// Scope says of what a measure is taken.
type Scope uint8

// The scopes: one number for the world, one a firm, one a region, one an ordered pair of firms.
const (
	World Scope = iota
	Firm
	Region
	Pair
)

// String names the scope as `powerplay list measures` prints it.
func (s Scope) String() string { return [...]string{"world", "firm", "region", "pair"}[s] }

// Def describes a measure.
type Def struct {
	Name  string         // as in a condition and in the metric column of every table
	Dim   unit.Dimension // the unit of its values
	Scope Scope
	Doc   string // its meaning, one line
}

// Find returns the measure of that name.
func Find(name string) (ID, bool) {
	for i, d := range All() {
		if d.Name == name {
			return ID(i), true
		}
	}
	return 0, false
}

// Def returns the measure's description.
func (m ID) Def() Def { return All()[m] }

// monthly tells whether a measure is what flowed in a month, where its unit does not say so.
func (m ID) monthly() bool {
	switch m {
	case Revenue, ComputeRevenue, ChipRevenue, Burn, OperatingCashFlow, Capex, Spend, TotalCapex, Levies, ChannelSales, SalesOutsideLoop:
		return true
	}
	return false
}

// Words are a measure's name as words; of a flow they say that it is of a month: "monthly compute revenue".
func Words(name string) string {
	words := strings.Fields(strings.ReplaceAll(name, "_", " "))
	switch m, known := Find(name); {
	case known && m.monthly():
		words = append([]string{"monthly"}, words...)
	case known && m == TotalEnergised:
		return "total capacity energised"
	}
	for i, w := range words {
		if w == "hhi" {
			words[i] = "HHI"
		}
	}
	return strings.Join(words, " ")
}

// Known is a value of a measure, or NaN for none: a firm that has left has no model, and so no capability, not one of zero.
func Known(metric string, v float64) float64 {
	if v == 0 && metric == Capability.Def().Name {
		return math.NaN()
	}
	return v
}

// The measures, in the order of All.
const (
	MarketShare ID = iota
	MarketShareEnterprise
	MarketShareConsumer
	RevenueRunRate
	RevenueRunRateEnterprise
	RevenueRunRateConsumer
	Revenue
	ComputeRevenue
	ChipRevenue
	ComputeShare
	CapacityAnnounced
	CapacityContracted
	CapacityUnderConstruction
	WaitingForPower
	WaitingForChips
	WaitingForMoney
	InstalledBase
	CapacityEnergised
	CapacityUsed
	CapacityOwnUsed
	CapacityLet
	ContractedCapacity
	DeliveredCapacity
	DeliveredChips
	Utilisation
	UnmetDemand
	ComputeNeed
	ExclusivityPrice
	Price
	GrossMargin
	Cash
	Burn
	Runway
	OperatingCashFlow
	Profit
	Valuation
	CapitalRaised
	CrowdedOut
	Capex
	CommitmentsOutstanding
	Spend
	Invested
	Stake
	Votes
	CircularSharePair
	Capability
	Debt
	DebtCover
	Pledged
	Compute
	FrontierCapability
	MarketSize
	MarketSizeEnterprise
	MarketSizeConsumer
	CircularShare
	HHI
	HHIEnterprise
	HHIConsumer
	HHIComputeUsed
	HHIComputeOwned
	HHIOwnerGroup
	RentPerGWYear
	H100Rental
	ChipSupply
	ChipOrders
	Sentiment
	TotalEnergised
	TotalCapex
	PowerConnected
	PowerQueued
	Levies
	OpenReviews
	ChipAccess
	ChipsReceived
	ReachEnterprise
	ReachConsumer
	ChannelSales
	VendorFinanceShare
	SalesOutsideLoop
	count
)

var all = [count]Def{
	MarketShare:               {"market_share", unit.DimShare, Firm, "share of what customers pay for AI models, both segments, whoever bills"},
	MarketShareEnterprise:     {"market_share_enterprise", unit.DimShare, Firm, "share of enterprise spend on AI models"},
	MarketShareConsumer:       {"market_share_consumer", unit.DimShare, Firm, "share of consumer spend on AI models"},
	RevenueRunRate:            {"revenue_run_rate", unit.DimUSDPerYear, Firm, "what customers paid for the firm's models in the month, times twelve"},
	RevenueRunRateEnterprise:  {"revenue_run_rate_enterprise", unit.DimUSDPerYear, Firm, "the enterprise part of revenue_run_rate"},
	RevenueRunRateConsumer:    {"revenue_run_rate_consumer", unit.DimUSDPerYear, Firm, "the consumer part of revenue_run_rate"},
	Revenue:                   {"revenue", unit.DimUSD, Firm, "revenue booked in the month: models, compute, chips and shares received"},
	ComputeRevenue:            {"compute_revenue", unit.DimUSD, Firm, "compute sold to others in the month, own use left out"},
	ChipRevenue:               {"chip_revenue", unit.DimUSD, Firm, "chips sold to others in the month"},
	ComputeShare:              {"compute_share", unit.DimShare, Firm, "share of the compute used by all labs"},
	CapacityAnnounced:         {"capacity_announced", unit.DimMW, Firm, "announced by or for the firm and not yet energised, the contracted part included"},
	CapacityContracted:        {"capacity_contracted", unit.DimMW, Firm, "a lab's signed capacity, delivered or not; a cloud's capacity sold to others"},
	CapacityUnderConstruction: {"capacity_under_construction", unit.DimMW, Firm, "owned sites that are started and not yet energised"},
	WaitingForPower:           {"waiting_for_power", unit.DimMW, Firm, "capacity of owned sites that could take chips in the month if they were connected to power"},
	WaitingForChips:           {"waiting_for_chips", unit.DimMW, Firm, "capacity of owned sites that could take chips in the month and got none"},
	WaitingForMoney:           {"waiting_for_money", unit.DimMW, Firm, "capacity that the firm would have ordered in the month and could not pay for"},
	InstalledBase:             {"installed_base", unit.DimMW, Firm, "capacity in service, whoever owns it, on the chips that the firm makes"},
	CapacityEnergised:         {"capacity_energised", unit.DimMW, Firm, "owned facility power with chips in service at month end"},
	CapacityUsed:              {"capacity_used", unit.DimMW, Firm, "facility power that the firm's models use, wherever it stands"},
	CapacityOwnUsed:           {"capacity_own_used", unit.DimMW, Firm, "the part of it that stands in the firm's own sites"},
	CapacityLet:               {"capacity_let", unit.DimMW, Firm, "facility power in service that a cloud lets to others, under contract or on the spot market, hired power that it lets on included"},
	ContractedCapacity:        {"contracted_capacity", unit.DimMW, Pair, "capacity that the first firm has under contract from the second"},
	DeliveredCapacity:         {"delivered_capacity", unit.DimMW, Pair, "capacity in service that the first firm has under contract from the second"},
	DeliveredChips:            {"delivered_chips", unit.DimMW, Pair, "capacity in service with the second firm's chips in the first firm's sites, or rented by it"},
	Utilisation:               {"utilisation", unit.DimShare, Firm, "used part of a lab's delivered capacity; let or self-used part of a cloud's energised capacity"},
	UnmetDemand:               {"unmet_demand", unit.DimShare, Firm, "share of demand for the firm's models that its serving capacity could not meet"},
	ComputeNeed:               {"compute_need", unit.DimMW, Firm, "capacity that the lab would use now if it had it, whether it could pay or not"},
	ExclusivityPrice:          {"exclusivity_price", unit.DimRent, Firm, "shadow price of exclusivity: what the best capacity that the lab may not sign was worth above the best that it may, in the month"},
	Price:                     {"price", unit.None, Firm, "list price of the lab's best model, relative to its price at the start"},
	GrossMargin:               {"gross_margin", unit.DimShare, Firm, "model revenue less serving compute and shares paid to sellers, over model revenue"},
	Cash:                      {"cash", unit.DimUSD, Firm, "cash at month end"},
	Burn:                      {"burn", unit.DimUSD, Firm, "mean monthly cash outflow before funding over the last three months; negative when cash comes in"},
	Runway:                    {"runway", unit.DimMonths, Firm, "cash over burn, at most 120 and 120 where the firm burns no cash; none for a lab that is gone"},
	OperatingCashFlow:         {"operating_cash_flow", unit.DimUSD, Firm, "cash received less cash paid for operations in the month, before capex and funding; what was paid ahead counts when it is used"},
	Profit:                    {"profit", unit.DimUSD, Firm, "income less expenses of the calendar year so far, depreciation included"},
	Valuation:                 {"valuation", unit.DimUSD, Firm, "post-money value at the last priced round; market value of a listed firm"},
	CapitalRaised:             {"capital_raised", unit.DimUSD, Firm, "equity received since the firm began, opening total included"},
	CrowdedOut:                {"crowded_out", unit.DimUSD, Firm, "equity that clubs kept other investors from buying in the firm's rounds, since the start"},
	Capex:                     {"capex", unit.DimUSD, Firm, "capital expenditure of the month, AI and other"},
	CommitmentsOutstanding:    {"commitments_outstanding", unit.DimUSD, Firm, "minimum payments still promised under signed contracts; a rent that serves a floor and a promise of spend counts once"},
	Spend:                     {"spend", unit.DimUSD, Pair, "paid by the first firm to the second for compute and chips in the month, credits included"},
	Invested:                  {"invested", unit.DimUSD, Pair, "equity that the first firm holds in the second, at cost"},
	Stake:                     {"stake", unit.DimShare, Pair, "ownership of the second firm by the first"},
	Votes:                     {"votes", unit.DimShare, Pair, "part of the second firm's votes that the first holds; shares without votes count on neither side"},
	CircularSharePair:         {"circular_share", unit.DimShare, Pair, "part of the first firm's investment in the second of the last 36 months that came back as spend with it"},
	Capability:                {"capability", unit.DimPoints, Firm, "best released model on the Epoch Capabilities Index; 0 for a firm without one"},
	Debt:                      {"debt", unit.DimUSD, Firm, "interest-bearing debt raised for AI at month end"},
	DebtCover:                 {"debt_cover", unit.None, Firm, "cash flow of a year before interest over interest and principal due in a year; 10 at most, and without debt"},
	Pledged:                   {"pledged", unit.DimUSD, Firm, "capital that the firm has promised to joint ventures and has not been called for"},
	Compute:                   {"compute", unit.DimH100e, Firm, "compute in the firm's energised sites"},
	FrontierCapability:        {"frontier_capability", unit.DimPoints, World, "best released model of all"},
	MarketSize:                {"market_size", unit.DimUSDPerYear, World, "spend on AI models, both segments, as a run rate"},
	MarketSizeEnterprise:      {"market_size_enterprise", unit.DimUSDPerYear, World, "enterprise spend on AI models, as a run rate"},
	MarketSizeConsumer:        {"market_size_consumer", unit.DimUSDPerYear, World, "consumer spend on AI models, as a run rate"},
	CircularShare:             {"system_circular_share", unit.DimShare, World, "part of the labs' equity of the last 36 months that returned to the investor as spend"},
	HHI:                       {"hhi", unit.None, World, "Herfindahl-Hirschman index of model spend, 0 to 10,000"},
	HHIEnterprise:             {"hhi_enterprise", unit.None, World, "Herfindahl-Hirschman index of enterprise model spend"},
	HHIConsumer:               {"hhi_consumer", unit.None, World, "Herfindahl-Hirschman index of consumer model spend"},
	HHIComputeUsed:            {"hhi_compute_used", unit.None, World, "Herfindahl-Hirschman index of compute used by labs"},
	HHIComputeOwned:           {"hhi_compute_owned", unit.None, World, "Herfindahl-Hirschman index of energised capacity by owner"},
	HHIOwnerGroup:             {"hhi_owner_group", unit.None, World, "Herfindahl-Hirschman index of model spend when each lab counts with its largest strategic owner"},
	RentPerGWYear:             {"rent", unit.DimRent, World, "market rent of new and spot capacity, per gigawatt of facility power and year"},
	H100Rental:                {"h100_rental", unit.None, World, "spot rent of one H100, dollars an hour"},
	ChipSupply:                {"chip_supply", unit.DimH100e, World, "compute shipped in the month"},
	ChipOrders:                {"chip_orders", unit.DimH100e, World, "compute wanted by sites ready for chips in the month"},
	Sentiment:                 {"sentiment", unit.None, World, "mood of the funding market, 1 is normal"},
	TotalEnergised:            {"total_energised", unit.DimMW, World, "energised AI facility power of all owners"},
	TotalCapex:                {"total_capex", unit.DimUSD, World, "capital expenditure of the month of all named clouds"},
	PowerConnected:            {"power_connected", unit.DimMW, Region, "facility power connected for AI in the region"},
	PowerQueued:               {"power_queued", unit.DimMW, Region, "facility power that waits for a connection in the region"},
	Levies:                    {"levies", unit.DimUSD, Firm, "levies on exports that fell due in the month"},
	OpenReviews:               {"open_reviews", unit.None, Firm, "reviews of what the firm holds in others, or others in it, that are open at month end"},
	ChipAccess:                {"chip_access", unit.DimShare, Firm, "part of its compute that export rules let the lab use for research"},
	ChipsReceived:             {"chips_received", unit.DimH100e, Region, "compute shipped to sites in the region in the month"},
	ReachEnterprise:           {"reach_enterprise", unit.DimShare, Firm, "part of enterprises whom other firms that sell the lab's models reach"},
	ReachConsumer:             {"reach_consumer", unit.DimShare, Firm, "the same of consumers"},
	ChannelSales:              {"channel_sales", unit.DimUSD, Pair, "paid by customers for the first firm's models through the second in the month"},
	VendorFinanceShare:        {"vendor_finance_share", unit.DimShare, Pair, "part of what the second firm spent with the first in the last 36 months that the first's equity of that time covers"},
	SalesOutsideLoop:          {"sales_outside_loop", unit.DimUSD, Firm, "compute and chips sold in the month, less the part that the firm's own equity in its buyers covers"},
}

// All lists every measure in the order of its ID.
func All() []Def { return all[:] }
