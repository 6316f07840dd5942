package rng

// Purpose says what a draw is for. Purposes are independent of each other, and a purpose's draws hang on its
// name alone: adding, removing or reordering purposes moves no draw of another.
type Purpose uint8

// The purposes.
const (
	Input         Purpose = iota // a draw of an uncertain input, once a run
	Demand                       // growth and noise of demand
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
	Default                      // whether a debtor in distress defaults
	Rescue                       // whether and by whom it is rescued
	Talent                       // moves of researchers between labs
	Option                       // whether an option is exercised
	Event                        // when something outside the model happens on which a contract turns
	Review                       // whether a regulator opens a case, how long it takes, how it ends
	ExportRule                   // whether a regime of export control changes, and which way
	Design                       // how runs are spread over the inputs, once a study
	Order                        // the order in which changes of a scenario are made, to tell what each does

	purposes // their number
)

// String returns the purpose's name, such as funding_regime.
func (p Purpose) String() string {
	return [purposes]string{
		Input:         "input",
		Demand:        "demand",
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
		Default:       "default",
		Rescue:        "rescue",
		Talent:        "talent",
		Option:        "option",
		Event:         "event",
		Review:        "review",
		ExportRule:    "export_rule",
		Design:        "design",
		Order:         "order",
	}[p]
}

// key is the purpose's half of the generator's key: Luck of its name. It is spelt out because a draw happens
// far more often than a purpose is added; a test computes the column again and prints what is missing.
func (p Purpose) key() uint64 {
	return [purposes]uint64{
		Input:         0x1ebbae8f5810b65b,
		Demand:        0x37ac8a66dc081cde,
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
		Default:       0xebada5168620c5fe,
		Rescue:        0x1301ec7d1abf7acc,
		Talent:        0xc5fb380cea24a88b,
		Option:        0x03c119c726692754,
		Event:         0x112b8c0079b0649f,
		Review:        0x0e9718950b3dd3a1,
		ExportRule:    0xdaf9f6903d17c3fa,
		Design:        0xba3b9677ad68f9af,
		Order:         0x6be60d7281a829f7,
	}[p]
}
