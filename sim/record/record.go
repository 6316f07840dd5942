// Package record holds what a run yields: the columns of its monthly frames, the events with their reasons,
// and what a reader must be told about the scenario. The engine writes it, output turns it into files.
package record

import (
	"slices"
	"strings"

	"powerplay/sim/unit"
)

// Column describes one number of a monthly frame.
type Column struct {
	Entity string         // key of the firm or region; "world"
	With   string         // key of the counterpart of a pair measure, else empty
	Metric string         // name of the measure
	Unit   unit.Dimension // unit of its values
}

// Event is one decision or happening, with the numbers behind it.
type Event struct {
	Run      int        `json:"run"`
	Month    unit.Month `json:"-"`
	Date     string     `json:"date"`
	ID       string     `json:"id"`                 // run:date:sequence, unique in a result
	Kind     string     `json:"kind"`               // such as bid, match, decline, order, release, round, tranche, default
	Firm     string     `json:"firm"`               // who decided, or to whom it happened; "world" for the market
	With     string     `json:"with,omitempty"`     // the counterpart
	Contract string     `json:"contract,omitempty"` // the contract under which it happened
	Part     int        `json:"part,omitempty"`     // of a counted event: the contract's tranche, from 1 on
	What     string     `json:"what"`               // one sentence in plain words
	Why      []Reason   `json:"why,omitempty"`      // the numbers that decided it
}

// BeginsOrEnds tells whether the event only says that a contract begins or is over, which its terms say already.
func (e *Event) BeginsOrEnds() bool { return e.Kind == "sign" || e.Kind == "end" }

// Reason is a number that a decision rested on.
type Reason struct {
	Name  string         `json:"name"`
	Value float64        `json:"value"`
	Unit  unit.Dimension `json:"unit"`
}

// Sink takes what a run yields, month by month. Implementations must not keep frame.
type Sink interface {
	Month(run int, t unit.Month, frame []float64)
	Event(e Event)
}

// Entity is how charts and tables name a firm or region.
type Entity struct {
	Key   string `json:"key"`
	Label string `json:"label"` // as printed: "OpenAI"
	Color string `json:"color"` // hex as "#2452C0"; empty lets the chart choose
	Roles string `json:"roles"` // such as "lab, cloud"
}

// Has reports whether the entity has a role.
func (e Entity) Has(role string) bool { return slices.Contains(strings.Split(e.Roles, ", "), role) }

// IsRest tells an entity that stands for all firms without a name, by the convention of the library: it is called
// other-labs, other-clouds and so on. It is no competitor in titles and rankings.
func IsRest(key string) bool { return strings.HasPrefix(key, "other-") }

// Assumption is one number that the scenario rests on.
type Assumption struct {
	Path   string         // scenario path, such as market.enterprise.growth
	Value  float64        // central value
	Low    float64        // 5 % quantile of its distribution, the value itself where it is not uncertain
	High   float64        // 95 % quantile
	Unit   unit.Dimension //
	Drawn  bool           // each of runs 1 to N draws it anew
	Grade  string         // measured, reported, estimated, assumption
	Source string         // where it comes from
	Note   string
}

// Uncertain tells whether it has a distribution, drawn from or not.
func (a *Assumption) Uncertain() bool { return a.Low != a.High }

// Contract is what charts and reports tell of a scenario's contract.
type Contract struct {
	Key, Kind string
	From, To  string       // keys of the firm that promises and of the one it promises to; To may be empty
	Signed    unit.Month   // in force from then on
	Until     unit.Month   // last month in which it can act; 0 is open
	Tranches  []unit.Month // by when each is to be earned
}

// About is what a report needs of the scenario beside numbers. cmd fills it from the scenario.
type About struct {
	Scenario    string       `json:"scenario"`
	Variant     string       `json:"variant,omitempty"`
	Title       string       `json:"title"`
	Question    string       `json:"question"`
	Hash        string       `json:"hash"` // SHA-256 of the resolved model, hex
	Seed        uint64       `json:"seed"`
	Runs        int          `json:"runs"`
	Design      string       `json:"design"` // how the runs are spread over the drawn inputs, such as "sobol, 14 inputs jointly"
	Start       unit.Month   `json:"-"`
	End         unit.Month   `json:"-"`
	Entities    []Entity     `json:"entities"`
	Assumptions []Assumption `json:"-"`
	Contracts   []Contract   `json:"-"`
	History     []Observed   `json:"history,omitempty"`
	Compared    []Comparison `json:"compared,omitempty"`
}

// Sampled tells whether the runs are a sample, drawn by chance: all their inputs, or in a replication the luck of their months
// alone. Those of a grid or a table are chosen, so no interval goes with the share of them in which something is so.
func (a *About) Sampled() bool {
	return !strings.HasPrefix(a.Design, "grid of ") && !strings.HasPrefix(a.Design, "table of ")
}

// Comparison is what a scenario's author expects of a number in one variant against another, on the same draws. An empty
// variant is the file itself.
type Comparison struct {
	That    string `json:"that"` // the number
	Is      string `json:"is"`   // higher, lower or similar
	In      string `json:"in,omitempty"`
	Than    string `json:"than,omitempty"`
	HoldsIn string `json:"holds_in"` // share of runs, such as "over 50%"
	Because string `json:"because,omitempty"`
}

// SharedLuck is what [About.Design] says where all runs are played on the luck of one, so that they differ by their inputs alone.
const SharedLuck = "all on the luck of run 1"

// SharesLuck tells whether they are.
func (a *About) SharesLuck() bool { return strings.HasSuffix(a.Design, SharedLuck) }

// Observed is one measured value of the past, drawn beside the simulation.
type Observed struct {
	Entity string     `json:"entity"`
	Metric string     `json:"metric"`
	Month  unit.Month `json:"-"`
	Value  float64    `json:"value"`
	Source string     `json:"source"`
}
