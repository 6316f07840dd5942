// Package report makes one document of one result or of several: question, answer, charts, comparison, the events that
// mattered, assumptions with their sources, limits, how to cite it and how to make it again. [Document.HTML] writes it as
// one page that needs nothing else, [Document.Markdown] as a text beside the pictures of its charts.
//
// Every number in its words is taken from the result when the document is built; none is typed. Names of firms,
// contracts and scenarios come from anyone, so nothing that they hold is ever markup.
package report

import (
	"fmt"
	"slices"
	"strings"

	"powerplay/output"
	"powerplay/output/chart"
	"powerplay/output/plot"
	"powerplay/sim/record"
	"powerplay/sim/unit"
)

// Source is a result, and what only the text of its scenario tells.
type Source struct {
	Result   *output.Result
	Clauses  []Clause   // contracts, shocks and rules, in the order of the scenario
	Expected []Expected // what its author expects of single runs
	Compared []Compared // and of its variants against each other, as far as they are among the results; of the first result
	Joint    []string   // paths of the inputs that its runs are spread over evenly
	Replay   []string   // commands that make the result again
	Beside   bool       // other results of its file, seed and runs lie beside it: powerplay report .. compares them
	Plots    string     // folder of its pictures, seen from the Markdown text
	Against  *Against   // the first result; nil for that one, and for one that does not share its draws
}

// Clause is a contract, a shock or a rule.
type Clause struct {
	Key, Kind, Doc string
	Parties        []string // keys of firms
	Terms          []Term
	Without        string // how powerplay compare leaves it out
}

// Term is one of its terms, as the scenario states it.
type Term struct{ Name, Text string }

// Expected is a condition that should hold in a share of runs.
type Expected struct{ That, HoldsIn, Because, Verdict string }

// Compared is what a number should be in one variant against another, and what became of that run by run on the same draws.
type Compared struct {
	Expected
	Is, In, Than  string // higher, lower or similar; names of variants
	Runs, Held    int    // paired runs, and those of them in which it is so
	Unit          unit.Dimension
	By, Low, High float64 // median difference and the middle 90 %
}

// Against is how a result differs from the first one, run by run on the same draws.
type Against struct {
	Changes []string     // what its scenario has otherwise
	Numbers []Difference // in what the scenario compares itself
	Parties []Difference // in numbers at year ends, of the firms that the changes concern; the clear ones first
	Others  []Difference // of other firms
}

// Difference is a number in a result less the same in the first.
type Difference struct {
	What   string // as a condition names it: microsoft.compute_revenue @ 2029-11
	Unit   unit.Dimension
	X, Y   float64 // medians of both
	By     float64 // median of the runs that differ
	Low    float64 // their middle 90 %
	High   float64
	Runs   int  // paired runs
	Differ int  // of them, those in which the two are not the same
	Higher int  // of these, those in which this result's is higher
	Clear  bool // more than chance
}

// Document is a report: sections of blocks, the same in every form that it is written in.
type Document struct {
	Title    string
	Question string
	Origin   string // which scenario, how many runs, which months
	Answer   []string
	Caveat   string // what the margins of the answer cover
	Brief    []Point
	Sections []Section
	Variants *Drawing // several results over time, for the file that Markdown shows; nil for none
}

// Drawing is a figure and which results it comes from.
type Drawing struct {
	Figure *plot.Figure
	Meta   plot.Meta
}

// Point is a fact of the first glance.
type Point struct {
	Name string
	Text []string
}

// Section is a part of the document under a heading.
type Section struct {
	ID, Title string
	Blocks    []Block
}

// Block is one of a heading, a paragraph, a list, a table, a chart and a text to be copied.
type Block struct {
	Heading string
	Text    string
	List    []string
	Table   *Table
	Chart   *Chart
	Code    string
}

// Table is a table of texts.
type Table struct {
	Caption string
	Head    []string
	Rows    [][]string
	Form    string // a letter for each column: l for text, w for words that stay on one line, r for numbers at the right
	Folded  bool   // opened on demand where the form can
}

// Class is the style of a column.
func (t *Table) Class(column int) string {
	return map[byte]string{'w': "whole", 'r': "right"}[t.Form[column]]
}

// study is a source that was read.
type study struct {
	Source
	names
	chart.Data
	head   headlines
	events []record.Event // of the kept runs, but for the everyday ones
	acted  map[string]int // events of the central run by contract, everyday ones among them
	kept   int            // runs kept
}

// New reads the results and writes the document. The first result is the one that the others are compared with. Errors are
// those of [output.Result].
func New(sources []Source) (*Document, error) {
	var all []*study
	for _, s := range sources {
		x, err := read(s)
		if err != nil {
			return nil, err
		}
		all = append(all, x)
	}
	first := all[0]
	d := &Document{Title: first.About.Title, Question: first.About.Question, Origin: first.origin(len(all))}
	if d.Title == "" {
		d.Title = first.About.Scenario
	}
	clause, called := first.clauseInQuestion(all)
	var asked *Clause
	if called == inQuestion {
		asked = &first.Clauses[clause]
	}
	concerned := first.concerned(asked)
	events := incidences(all, concerned)
	d.Answer = answer(all, events)
	d.Caveat = first.caveat()
	weakest := first.weakest(asked)
	d.Brief = []Point{{called, first.clauseText(clause)}, {"The three weakest assumptions", first.weakTexts(weakest)}}
	if len(all) > 1 {
		blocks := slices.Concat(compare(all), incidenceBlocks(events, first, concerned))
		over, err := d.overTime(all)
		if err != nil {
			return nil, err
		}
		d.Sections = append(d.Sections, Section{"comparison", "Comparison", slices.Insert(blocks, 1, over...)})
	}
	if len(all) == 1 {
		d.Sections = append(d.Sections, Section{"comparison", "What the clause changes", first.comparing(clause)})
	}
	figures, err := chartBlocks(all)
	if err != nil {
		return nil, err
	}
	d.Sections = append(d.Sections,
		Section{"charts", "Charts", figures},
		Section{"expected", "What was expected", first.expectedBlocks()},
		Section{"clauses", "Contracts", first.clauseBlocks(clause)},
		Section{"events", "Events that mattered", first.eventBlocks(clause)},
		Section{"assumptions", "Assumptions", first.assumptionBlocks(weakest)},
		Section{"limits", "Limits", first.limitBlocks()},
		Section{"cite", "How to cite", citeBlocks(all)},
		Section{"replay", "How to make it again", replayBlocks(all)},
		Section{"appendix", "Appendix: every assumption", first.appendixBlocks()},
	)
	d.Sections = slices.DeleteFunc(d.Sections, func(s Section) bool { return len(s.Blocks) == 0 })
	return d, nil
}

// everyday are the kinds of event of which there are too many to be told one by one.
var everyday = []string{"energised", "ready", "order", "lot", "matched lot", "ticket", "release", "plan", "allot", "promise", "credits", "round-opened", "spot", "relief", "notice", "revenue-share"}

// read takes from a folder what the document tells.
func read(s Source) (*study, error) {
	x := &study{Source: s, names: newNames(s.Result.About.Entities), acted: map[string]int{}}
	data, err := chart.Read(s.Result, Charts(s.Result.About.Runs))
	if err != nil {
		return nil, err
	}
	x.Data = *data
	x.head = x.headline()
	seen := map[int]bool{}
	for e, err := range s.Result.Events(output.Filter{}) {
		if err != nil {
			return nil, err
		}
		seen[e.Run] = true
		if e.Run == x.central() && !e.BeginsOrEnds() {
			x.acted[e.Contract]++
		}
		if !slices.Contains(everyday, e.Kind) {
			x.events = append(x.events, e)
		}
	}
	x.kept = len(seen)
	return x, nil
}

// name is the scenario with its variant.
func (x *study) name() string { return x.Meta().Scenario }

// drawn is the number of runs behind quantiles and chances.
func (x *study) drawn() int { return x.Summary.Runs }

// runs says how many runs there are.
func (x *study) runs() string {
	if x.drawn() == 0 {
		return "the central run"
	}
	return counted(x.drawn(), "run")
}

func (x *study) origin(results int) string {
	parts := []string{"Scenario " + x.name()}
	if results > 1 {
		parts = []string{fmt.Sprintf("%s compared with %s, the reference", counted(results-1, "result"), x.name())}
	}
	parts = append(parts, x.runs(), x.About.Start.Words()+" to "+x.About.End.Words(), "seed "+fmt.Sprint(x.About.Seed), "powerplay "+x.Meta().Version)
	return strings.Join(parts, " · ")
}

// caveat says what the margins cover.
func (x *study) caveat() string {
	if x.drawn() == 0 {
		return "This is one run, with every uncertain input at its median: it tells nothing about how sure the answer is. A run with --runs 500 does."
	}
	if !x.About.Sampled() {
		return "Shares of runs have no margins: the runs of a grid or a table are chosen, so they are no sample. What the model gets wrong comes on top: see Limits. Model output, not a forecast."
	}
	return fmt.Sprintf("± are 95%% intervals for %s: chance of the draws alone. What the model gets wrong comes on top: see Limits. Model output, not a forecast.", x.runs())
}
