package record

// Probability is the share of drawn runs in which something is so.
type Probability struct {
	Statement string  `json:"statement"` // in plain words, unique
	Kind      string  `json:"kind"`      // one of the kinds below
	Firm      string  `json:"firm,omitempty"`
	With      string  `json:"with,omitempty"`     // the firm overtaken
	What      string  `json:"what,omitempty"`     // the kind of event, or the measure
	Contract  string  `json:"contract,omitempty"` // of an event that belongs to one
	Part      int     `json:"part,omitempty"`     // its tranche
	Place     int     `json:"place,omitempty"`    // 1 for the first
	When      string  `json:"when"`               // by: at any time up to date; at: at the close of date
	Date      string  `json:"date"`               // a month
	Runs      int     `json:"runs"`               // drawn
	In        int     `json:"in"`                 // runs in which it is so
	Share     float64 `json:"share"`              // In / Runs
	*Interval         // nil where the runs are no sample; see [About.Sampled]
}

// Interval is Wilson's 95 % interval of a probability: chance of the draws alone, not of the model.
type Interval struct {
	Low  float64 `json:"low"`
	High float64 `json:"high"`
}

// Kinds of probability, in the order of the table.
const (
	Asked     = "asked"     // by the scenario
	Expected  = "expected"  // by the scenario's author, who also says how often
	Happens   = "event"     // an event
	Overtakes = "overtakes" // a firm closes a month above another, after one in which it did not
	Placed    = "place"     // a firm's place among others, 1 for the largest
)
