package rng

// Purpose says what a draw is for. Purposes are independent of each other, and a purpose's draws hang on its
// name alone: adding, removing or reordering purposes moves no draw of another.
type Purpose uint8

// The purposes.
const (
	Input         Purpose = iota // a draw of an uncertain input, once a run
	Demand                       // growth and noise of demand
	Rent                         // noise of the rent of compute
	Sentiment                    // the mood of investors
	FundingRegime                // when money is easy and when it dries up
	Round                        // size, price and success of a funding round
	Release                      // capability of a model release
	Slip                         // whether a site slips
	SlipLength                   // by how much it slips
	BuildLag                     // lead time of a building
	PowerLag                     // lead time of a grid connection
	OnSite                       // lead time and success of power made on site
	Abandon                      // whether a site is given up
	Bid                          // noise in a bid
	Match                        // whether the holder of a right matches
	Choice                       // a choice among options, such as of a supplier
	Rationing                    // who is served first when there is not enough
	Default                      // whether a debtor in distress defaults
	Rescue                       // whether and by whom it is rescued
	Recovery                     // what its creditors recover
	Milestone                    // whether and when a milestone is met
	Talent                       // moves of researchers between labs
	Shock                        // whether, when and how hard a shock hits
	Review                       // length and outcome of a regulator's review
	ExportRule                   // changes of an export regime
	Retirement                   // when chips are retired
	Option                       // whether an option is exercised
	Efficiency                   // progress of algorithms and of chips
	Chips                        // supply of accelerators
	Energy                       // price of energy
	Adoption                     // uptake by customers
	Churn                        // customers who switch
	Outage                       // capacity that fails for a while
	Estimate                     // error in what a firm believes
	Renegotiation                // outcome of talks on a contract
	Expiry                       // what happens when a contract ends

	purposes // their number
)

// String returns the purpose's name, such as funding_regime.
func (p Purpose) String() string {
	return [purposes]string{
		Input:         "input",
		Demand:        "demand",
		Rent:          "rent",
		Sentiment:     "sentiment",
		FundingRegime: "funding_regime",
		Round:         "round",
		Release:       "release",
		Slip:          "slip",
		SlipLength:    "slip_length",
		BuildLag:      "build_lag",
		PowerLag:      "power_lag",
		OnSite:        "on_site",
		Abandon:       "abandon",
		Bid:           "bid",
		Match:         "match",
		Choice:        "choice",
		Rationing:     "rationing",
		Default:       "default",
		Rescue:        "rescue",
		Recovery:      "recovery",
		Milestone:     "milestone",
		Talent:        "talent",
		Shock:         "shock",
		Review:        "review",
		ExportRule:    "export_rule",
		Retirement:    "retirement",
		Option:        "option",
		Efficiency:    "efficiency",
		Chips:         "chips",
		Energy:        "energy",
		Adoption:      "adoption",
		Churn:         "churn",
		Outage:        "outage",
		Estimate:      "estimate",
		Renegotiation: "renegotiation",
		Expiry:        "expiry",
	}[p]
}

// key is the purpose's half of the generator's key: Luck of its name. It is spelt out because a draw happens
// far more often than a purpose is added; a test computes the column again and prints what is missing.
func (p Purpose) key() uint64 {
	return [purposes]uint64{
		Input:         0x1ebbae8f5810b65b,
		Demand:        0x37ac8a66dc081cde,
		Rent:          0x4d12711fc00343ea,
		Sentiment:     0x5517fc5aa558cad2,
		FundingRegime: 0xfd178c910f22568c,
		Round:         0x311418469f09741b,
		Release:       0xa63d4c9b882b10fe,
		Slip:          0x6a700e18f6f8058b,
		SlipLength:    0x8d5339f3e4baf750,
		BuildLag:      0xaf62ac706e211184,
		PowerLag:      0x4d1708cbb489b161,
		OnSite:        0xbf93d3561a455a96,
		Abandon:       0x7586880cc7db4ba6,
		Bid:           0x00540e19134fcd40,
		Match:         0xc3bfe3a4fe4c13f6,
		Choice:        0xc842078c742a24f6,
		Rationing:     0xd4ccfb5f899c5a52,
		Default:       0xebada5168620c5fe,
		Rescue:        0x1301ec7d1abf7acc,
		Recovery:      0xfb7885d3dd23f3e6,
		Milestone:     0x4ee710a05d2f77fd,
		Talent:        0xc5fb380cea24a88b,
		Shock:         0xf6574648f7503b91,
		Review:        0x0e9718950b3dd3a1,
		ExportRule:    0xdaf9f6903d17c3fa,
		Retirement:    0x488c3de7ae883336,
		Option:        0x03c119c726692754,
		Efficiency:    0x65972026974b4ed8,
		Chips:         0x624c45762521b794,
		Energy:        0xf2fd4f9140ef2f15,
		Adoption:      0xa4318d83a9eb86b1,
		Churn:         0x0f915e7687489005,
		Outage:        0x974e9ff8aef7adc6,
		Estimate:      0xaa887b55b4bc7c57,
		Renegotiation: 0xbad8f335b5810501,
		Expiry:        0xb78ce49735cd209e,
	}[p]
}
