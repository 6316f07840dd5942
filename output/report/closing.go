package report

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"

	"powerplay/sim/record"
)

// limits are what a reader should doubt, a line each: what the model is for, its weaknesses in the order in which sim/MODEL.md
// numbers them, and how to read differences.
//
//go:embed limits.md
var limits string

// limitBlocks tells what the model is weak at, and what is not exact in this result.
func (x *study) limitBlocks() []Block {
	var blocks []Block
	if x.drawn() == 0 {
		blocks = append(blocks, Block{Text: "One run shows what can happen, not how likely it is."})
	}
	if x.Summary.Error > 0 {
		blocks = append(blocks, Block{Text: fmt.Sprintf("Quantiles of this result come from sketches and are off by at most %.2g%% of the values that they lie between; summary.csv tells for each row.", 100*x.Summary.Error)})
	}
	return append(blocks, Block{List: strings.Split(strings.TrimSpace(limits), "\n")}, Block{Text: "The model's documentation, sim/MODEL.md in its source, tells more."})
}

// expectedBlocks set what the author expected beside what came.
func (x *study) expectedBlocks() []Block {
	t := &Table{Caption: "Conditions that the scenario's author expects of single runs", Head: []string{"Condition", "Expected in", "Holds in", "Verdict", "Because"}, Form: "lwlwl"}
	for _, e := range x.Expected {
		i := slices.IndexFunc(x.Probabilities, func(p record.Probability) bool { return p.Kind == record.Expected && p.Statement == e.That })
		if i >= 0 {
			t.Rows = append(t.Rows, []string{record.Capital(x.words(e.That)), e.HoldsIn, chance(x.Probabilities[i]), strings.ToLower(e.Verdict), e.Because})
		}
	}
	var blocks []Block
	if len(t.Rows) > 0 {
		blocks = append(blocks, Block{Table: t})
	}
	if len(x.Compared) > 0 {
		blocks = append(blocks, Block{Table: x.comparedTable()})
	}
	return blocks
}

// comparedTable tells what the author expects of variants against each other.
func (x *study) comparedTable() *Table {
	t := &Table{
		Caption: "What the scenario's author expects of variants against each other, run by run on the same draws",
		Head:    []string{"Number", "Expected", "Holds in", "Median difference (nine in ten)", "Verdict", "Because"}, Form: "lllrwl",
	}
	for _, c := range x.Compared {
		expected := fmt.Sprintf("%s in %s than in %s", c.Is, c.In, c.Than)
		if c.Is == "similar" {
			expected = fmt.Sprintf("similar in %s and %s", c.In, c.Than)
		}
		holds, difference := "no run", ""
		if c.Runs > 0 {
			holds = fmt.Sprintf("%d of %s", c.Held, counted(c.Runs, "run"))
			difference = signed(c.By, 0, c.Unit)
		}
		if c.Runs > 1 {
			holds = fmt.Sprintf("%s of %s", percent(float64(c.Held)/float64(c.Runs)), counted(c.Runs, "run")) + margin(c.Held, c.Runs, x.About.Sampled())
			difference = spread(c.By, c.Low, c.High, c.Unit)
		}
		t.Rows = append(t.Rows, []string{record.Capital(x.words(c.That)), expected + " in " + c.HoldsIn + " of runs", holds, difference, strings.ToLower(c.Verdict), c.Because})
	}
	return t
}

// citeBlocks say how to refer to the results.
func citeBlocks(all []*study) []Block {
	var plain []string
	var entries []Block // each by itself, so that a printed page splits none
	for _, x := range all {
		a := x.About
		which := fmt.Sprintf("scenario %s, SHA-256 %s, seed %d, %s, %s to %s", x.name(), a.Hash, a.Seed, x.runs(), a.Start, a.End)
		plain = append(plain, fmt.Sprintf("powerplay %s, %s.", x.Meta().Version, which))
		entries = append(entries, Block{Code: fmt.Sprintf("@misc{powerplay-%s-s%d-n%d,\n  title = {%s},\n  howpublished = {Simulation with powerplay %s},\n  note = {%s}\n}",
			a.Hash[:min(8, len(a.Hash))], a.Seed, x.drawn(), bibText(a.Title), x.Meta().Version, bibText(record.Capital(which)))})
	}
	return append([]Block{{List: plain}}, entries...)
}

// bibText keeps what BibTeX reads as a command out of a field.
func bibText(text string) string {
	return strings.NewReplacer(`\`, `{\textbackslash}`, "{", `\{`, "}", `\}`, "%", `\%`, "&", `\&`, "_", `\_`, "#", `\#`, "$", `\$`).Replace(text)
}

// replayBlocks give the commands that make the results again.
func replayBlocks(all []*study) []Block {
	var commands []string
	for _, x := range all {
		for _, c := range x.Replay {
			if !slices.Contains(commands, c) {
				commands = append(commands, c)
			}
		}
	}
	return []Block{
		{Text: "Run in the folder of a result, a command on scenario.yaml makes its tables again, byte for byte; one by name does where powerplay is of the same version."},
		{Code: strings.Join(commands, "\n")},
	}
}
