package scenarios

import "slices"

// Code explains one kind of problem, as `powerplay help E203` prints it.
type Code struct {
	Code  string
	Title string
	Text  string
	Wrong string // an example that has the problem
	Right string // the same, mended; both may be empty where no line of a scenario is at fault
}

// Explain returns the explanation of a problem's code.
func Explain(code string) (Code, bool) {
	i := slices.IndexFunc(codes, func(c Code) bool { return c.Code == code })
	if i < 0 {
		return Code{}, false
	}
	return codes[i], true
}

// Codes lists all codes in order.
func Codes() []Code { return slices.Clone(codes) }

var codes = []Code{
	{"E101", "the file is not plain text", "Scenarios and tables are UTF-8 text. Another encoding, or a control character that no editor shows, would be read differently on different machines, so it is refused.", "", ""},
	{"E102", "YAML cannot read the file", "The text breaks a rule of YAML: a bracket or quote is not closed, a line is indented unevenly or with a tab, or text holds a sign that means something else. The place is where reading stopped; the cause is there or just above. Text that starts with @ % > or holds `: ` goes into quotes.", "question: Who wins: labs or clouds?", "question: \"Who wins: labs or clouds?\""},
	{"E103", "the file is empty", "A scenario holds at least a name and what it changes.", "", "name: my-scenario\nextends: base-2026"},
	{"E104", "anchors, aliases, merge keys and tags are refused", "YAML can reuse a value with & and *, and give types with !. A scenario does that with `extends` and overrides, because these can be shown with the place that they came from.", "growth: &g 40%/yr\nceiling_growth: *g", "growth: 40%/yr\nceiling_growth: 40%/yr"},
	{"E105", "a file holds one scenario", "A line `---` starts a second document. Keep each scenario in a file of its own, or make variants of one.", "name: a\n---\nname: b", "name: a\nvariants:\n  b: {market.enterprise.growth: 50%/yr}"},
	{"E106", "a scenario is a map", "The top of the file is names with values, not a list or a single word.", "- name: a", "name: a"},

	{"E201", "a value has the wrong shape", "A block of names was given where a single value belongs, or the other way round.", "firms: [lab-a, lab-b]", "firms:\n  lab-a: {name: Lab A}\n  lab-b: {name: Lab B}"},
	{"E202", "a name is given twice", "Only one of two values under the same name can count, and a reader would not know which.", "runs: 100\nruns: 200", "runs: 200"},
	{"E203", "unknown field", "Nothing reads a field of this name here, so it would change nothing and the run would still look plausible. Mostly it is mistyped or stands in the wrong block.", "upfrnt: {amount: $5B}", "upfront: {amount: $5B}"},
	{"E204", "unknown kind", "The key `kind` chooses a mechanism; each has its own fields. `powerplay help` lists them.", "kind: take-or-play", "kind: take-or-pay"},
	{"E205", "a field is missing", "The field has no sensible default, so the scenario must give it, and an override cannot take it away.", "firms:\n  lab-a: {}", "firms:\n  lab-a: {name: Lab A, cash: $2B}"},
	{"E206", "a name is not spelled as names are", "Keys of firms, regions, contracts, variants and the like are lower-case letters, digits and hyphens, at most 64, because paths, conditions and folders of results use them. Firms and regions start with a letter, and no variant is named `all`, which `--variant all` takes for all of them. How a firm is printed is its field `name`.", "firms:\n  Lab A: {cash: $2B}", "firms:\n  lab-a: {name: Lab A, cash: $2B}"},
	{"E208", "an override is not written as one", "An override is a path and a value. A path is names joined by points; a place in a list counts from 0 and stands in brackets.", "--set firms.lab-a.cash", "--set 'firms.lab-a.cash=$2B'"},
	{"E209", "an override leads nowhere", "There is nothing at this path to change or to remove, or it cannot be overridden here: `extends`, `facts` and `variants` of a file by nobody, `seed` and `runs` not by a variant. An override that nothing reads would change nothing.", "variants:\n  no-deal: {contracts.amazn-2026: null}", "variants:\n  no-deal: {contracts.amazon-2026: null}"},
	{"E210", "`extends` goes in a circle", "A file, or a variant, extends another that in the end extends the first.", "# a.yaml\nextends: b.yaml\n# b.yaml\nextends: a.yaml", "# a.yaml\nextends: b.yaml\n# b.yaml\nextends: base-2026"},
	{"E211", "a table of facts is not readable", "A table is comma-separated text with the header path,value,low,high,unit,as_of,grade,source,note; only path and value are needed, and a column `kind` may name the distribution.", "path;value\nmarket.size;3", "path,value\nmarket.size,3"},
	{"E212", "there is no such variant", "A variant is chosen, or extended by another, by its name under `variants`.", "powerplay run deal.yaml --variant nodeal", "powerplay run deal.yaml --variant no-deal"},
	{"E213", "a value is missing", "The line gives a name and nothing behind it. Text that starts with # is a remark unless it stands in quotes. What was set before is taken away by a written `null`, which a list cannot hold.", "color: #2452C0", "color: \"#2452C0\""},
	{"E214", "two fields say the same thing", "Only one of the two can count.", "end: 2035-12\nhorizon: 120 months", "horizon: 120 months"},

	{"E301", "not a number", "A number, with its unit, is wanted here.", "cash: plenty", "cash: $2B"},
	{"E302", "a number in quotes", "Quotes turn 3 into a word. With a unit a quantity cannot be mistaken for one: \"$5B\" is $5B.", "runs: \"100\"", "runs: 100"},
	{"E303", "a number in a spelling that can be misread", "`010` is 8 to some programs and 10 to others; `1_000`, `1,000`, `.5`, hexadecimal numbers, NaN and infinity are refused for the same reason.", "runs: 1_000", "runs: 1000"},
	{"E304", "a unit is missing", "A bare number is refused where a unit is needed, because 5 could be MW or GW.", "capacity: 5", "capacity: 5 GW"},
	{"E305", "the unit does not fit", "The number is a quantity of another nature: energy for power, a share for a rate, money for money per year.", "capacity: 12 GWh", "capacity: 12 GW"},
	{"E306", "unknown unit", "Units: $ with k, M, B, T; $/yr, $/GW, $/MW, $/GW-yr, $/MWh; MW, GW, MW IT; H100e, H100e/MW; days, weeks, months, years; %, %/yr, %/month, and x/yr for a growth factor.", "capacity: 5 gw", "capacity: 5 GW"},
	{"E307", "not a whole number", "A count has no decimals and no unit.", "runs: 99.5", "runs: 100"},
	{"E308", "not a date", "Dates are 2027, 2027-03 or 2027-03-31. A day counts as its month; a bare year starts in January and ends in December.", "signed: 20 April 2026", "signed: 2026-04-20"},
	{"E309", "not one of the choices", "The field takes one of a few words.", "on_miss: forget", "on_miss: lapse"},
	{"E310", "out of range", "The number lies outside of what makes sense here; the message gives the limits.", "p_delay: 15", "p_delay: 15%"},
	{"E311", "not a distribution", "An uncertain number is `1 to 10` (the middle 90 %), `3 (1 to 10)` with a median, or a family: normal, lognormal, triangular, uniform, choice, beta, gamma, exponential. A word or a switch is `one of [always, never]`.", "uncertain: {market.growth: about 40%}", "uncertain: {market.growth: 30% to 50% per year}"},
	{"E312", "a distribution cannot be drawn from", "Its numbers are out of order, or outside of what the family allows.", "uncertain: {market.growth: 50% to 30% per year}", "uncertain: {market.growth: 30% to 50% per year}"},
	{"E313", "neither true nor false", "A switch is `true` or `false`; `yes`, `no`, 1 and 0 are text and numbers.", "listed: yes", "listed: true"},
	{"E314", "a condition cannot be read", "A condition compares measures: firm.measure, firm.measure(other firm), + - * / with spaces around the minus, min, max, abs, comparisons, and, or, not, `@` a date, and `by` a date at the end.", "when: openai.cash = $5B", "when: openai.cash >= $5B"},
	{"E315", "the units in a condition do not fit", "Only quantities of one nature can be compared or added, and `and`, `or`, `not` join comparisons.", "when: openai.cash >= 5 GW", "when: openai.cash >= $5B"},
	{"E316", "a design of runs is not complete", "A grid needs paths with their values, a table its file, and both fix how many runs there are: a grid as many as it has combinations, a table at most as many as it has rows.", "design: grid", "design: {kind: grid, over: {market.enterprise.growth: [40%/yr, 80%/yr]}}"},
	{"E317", "a number is not uncertain", "A design, or a dependence, speaks of numbers that runs draw. This one has no distribution, so all runs have the same value.", "design: {jointly: [firms.openai.name]}", "design: {jointly: [firms.openai.cash]}"},
	{"E318", "correlations cannot hold together", "Numbers that both follow a third one closely follow each other too. Pairs that are not listed are taken to be independent where they belong to one group, so a chain of strong correlations needs the pairs between its ends as well. A rule or a choice takes few values, which share their ranks, so its correlations have a limit below 99%; the message tells it.", "dependence:\n  - {between: [a, b], rank_correlation: 90%}\n  - {between: [b, c], rank_correlation: 90%}", "dependence:\n  - {between: [a, b], rank_correlation: 90%}\n  - {between: [b, c], rank_correlation: 90%}\n  - {between: [a, c], rank_correlation: 80%}"},

	{"E402", "a name that nothing declares", "A contract, condition or field names a firm, region or contract that the scenario does not have.", "holder: cloud-b2", "holder: cloud-b"},
	{"E403", "unknown measure", "`powerplay list measures` prints all measures with their units.", "when: openai.revenue_runrate >= $60B", "when: openai.revenue_run_rate >= $60B"},
	{"E404", "a measure of the wrong thing", "Some measures are taken of a firm, some of a region, some of the world, some of a pair of firms.", "when: openai.contracted_capacity >= 3 GW", "when: openai.contracted_capacity(microsoft) >= 3 GW"},
	{"E405", "the dates of a condition do not go together", "A condition is judged in one month (`@`) or holds at any time up to a date (`by`), and a model remembers three years.", "that: openai.cash > $5B @ 2028-01 by 2029-12", "that: openai.cash > $5B by 2029-12"},
	{"E406", "start and end do not go together", "The end comes after the start, and both are given: the end as `end` or through `horizon`.", "start: 2025-12\nend: 2024-12", "start: 2025-12\nend: 2035-12"},
	{"E407", "dates of a contract are out of order", "A later part falls due before an earlier one, or a contract delivers, pays or ends before it is signed.", "tranches:\n  - {amount: $1B, by: 2027-09}\n  - {amount: $1B, by: 2027-03}", "tranches:\n  - {amount: $1B, by: 2027-03}\n  - {amount: $1B, by: 2027-09}"},
	{"E408", "a firm lacks a role", "A contract, a shock, a rule or another firm needs it to be a lab, a cloud, an investor or a supplier, and it has no block of that name.", "holder: lab-a   # has no cloud block", "holder: cloud-b"},
	{"E409", "parts do not make a whole", "Shares that divide one thing sum to 100 %, a part is no larger than its whole, and a firm is not sold more than once.", "regions: {us: {share: 60%}, eu: {share: 60%}}", "regions: {us: {share: 60%}, eu: {share: 40%}}"},
	{"E410", "a term of a contract, a shock or a rule cannot stand", "The terms contradict each other, or one lies outside of what the clause, the shock or the rule can do.", "investor: amazon\ncompany: amazon", "investor: amazon\ncompany: anthropic"},
	{"E411", "two contracts claim the same right", "Both give a right over the same thing at the same time: two firms shall be the only one, or asked first. Which of them holds must be stated.", "azure-only: {kind: exclusivity, holder: microsoft, lab: openai, …}\naws-only: {kind: exclusivity, holder: amazon, lab: openai, …}", "aws-only: {kind: exclusivity, holder: amazon, lab: openai, precedence: 1, …}"},
	{"E412", "a contract cannot follow another", "What `amends` or `replaces` names is older, and an amended contract is of the same kind and between the same firms.", "", ""},
	{"E413", "two rules decide the same", "Two regimes of export control say what a maker may ship to the same sites, and only one can hold.", "", ""},
	{"E414", "runs may draw terms that cannot stand", "Each number is in its range, but together they contradict each other: a round that raises more than the company is worth. The ends of distributions are tried together when a scenario is read, what one draw in a thousand exceeds when a run draws it.", "uncertain: {contracts.round.post_money: $1B to $100B}   # it raises $3.5B", "uncertain: {contracts.round.post_money: uniform($50B, $100B)}"},

	{"E501", "a file is too large", "A scenario file is at most 1 MiB, all files together 16 MiB. They are untrusted input and are bounded before memory is spent.", "", ""},
	{"E502", "values are nested too deep", "At most 32 levels.", "", ""},
	{"E503", "the run needs too much memory", "The number of months, firms and runs decides. Raise the limit with --max-memory.", "", ""},
	{"E504", "too many files", "A scenario reads at most 32 files.", "", ""},
	{"E505", "too many entries", "At most 500 firms, 100 regions, 2,000 contracts, and 10,000 entries of any other list.", "", ""},
	{"E506", "the horizon is too long", "A run is at most 600 months.", "horizon: 1000 years", "horizon: 10 years"},
	{"E507", "an expression is too long", "At most 2,048 characters and 400 parts.", "", ""},
	{"E508", "the run took too long", "It was stopped after the time that --max-time allows. The message tells how many runs are safe, and how to go on with the others.", "", ""},
	{"E509", "money outgrows the books", "Books hold 90 trillion dollars at most, and spend on the models of one lab 10 trillion a year. A number of the scenario lets it grow beyond: a growth rate, a size or a price with a digit too many.", "firms.nvidia.cash_flow_growth: 2000%/yr", "firms.nvidia.cash_flow_growth: 20%/yr"},

	{"E601", "there is no such file or scenario", "A scenario is a file or a name from the built-in library; `powerplay list` prints it. Paths in a file are relative to that file.", "extends: base-2062", "extends: base-2026"},
	{"E602", "a path leaves the project folder", "What a scenario reads lies in the folder of the file that is run, or below. Absolute paths, `..` above it and links that lead out are refused, so that a scenario of someone else cannot read your files.", "extends: ../../secret.yaml", "extends: base.yaml"},
	{"E603", "a file cannot be read", "The file is there, but the system does not let it be read, it is a folder, or a file of a result is not what was written.", "", ""},
	{"E604", "writing failed", "The disk is full, the folder is read-only, or it holds something else: another result, an unfinished one, files of yours. What was finished is safe, and nothing but a result is ever replaced, with --force alone.", "", ""},
	{"E605", "a checkpoint cannot be used", "A run that was broken off goes on from checkpoint.bin in its folder. That file, or kept.bin beside it, is not what was written, or was written by another build that simulates otherwise: the run has to begin anew.", "powerplay run base-2026 --resume result", "powerplay run base-2026 --out result --force"},
	{"E606", "parts do not make a whole", "powerplay merge needs each part of one result once: the same scenario, seed, runs and version, cut into the same number of parts.", "powerplay merge part-1 part-3", "powerplay merge part-1 part-2 part-3"},
	{"E607", "the folder holds an unfinished result", "The same run was broken off, and what it had done is safe. Go on with it, or say that it shall begin anew.", "powerplay run base-2026 --out result", "powerplay run base-2026 --resume result"},
	{"E608", "the folder is being written", "Another process of powerplay writes this result at the time. The folder is free as soon as that ends, be it killed.", "powerplay run base-2026 --out result & powerplay run base-2026 --out result", "powerplay run base-2026 --out result & powerplay run base-2026 --seed 2 --out other"},

	{"E701", "an invariant broke", "The books do not balance, or something was created from nothing. This is a mistake in powerplay, not in the scenario: please report it.", "", ""},
	{"E702", "powerplay broke off", "The program met a state that it cannot be in. This is a mistake in powerplay, not in the scenario: please report the file that the message names.", "", ""},

	{"W301", "a stated value is not the one that counts", "A path has both a value and a distribution. Run 0 uses the median of the distribution, and the others draw, so the value itself is never used.", "growth: 60%/yr\nuncertain: {growth: 20% to 40% per year}", "uncertain: {growth: 60% (20% to 90%) per year}"},
	{"W302", "an assumption without a range", "A number that nobody measured is given as if it were certain. Give low and high in the table, or a distribution under `uncertain`.", "market.growth,40%/yr,,,,,assumption,,", "market.growth,40%/yr,20%/yr,60%/yr,,,assumption,,"},
	{"W303", "numbers that no longer hang together", "A pair under `dependence` has a number that this file, a variant or --set has fixed. The other is drawn as if the pair were not listed.", "firms.openai.cash: $20B\ndependence:\n  - {between: [firms.openai.cash, market.enterprise.growth], rank_correlation: 60%}", "uncertain.firms.openai.cash: $20B ($15B to $25B)\ndependence:\n  - {between: [firms.openai.cash, market.enterprise.growth], rank_correlation: 60%}"},
	{"W401", "a source that the register does not have", "An id such as D142 or S006 in a source names a row of data/deals.csv, the register of deals in the library, and there is no such row. Other text in a source is not looked up.", "source: [D999]", "source: [D142]"},
	{"W402", "two contracts claim the same right, and one goes before the other", "The contract with the higher precedence holds while both are in force; the other waits.", "", ""},
	{"W403", "a result is compared with itself", "Two sides come to the same model, seed and runs, so every difference between them is zero. A variant or a change makes a second side.", "powerplay compare base-2026 base-2026", "powerplay compare microsoft-rofr:no-right microsoft-rofr"},
	{"W404", "the run ends before a condition can be judged", "An expectation or a question names a month after the last of the run, so no run can answer it. Nothing is said where `--set end=…` cuts a run short: the run then tells what it did not judge.", "end: 2032-12\nask: [{that: openai.market_share > 30% @ 2039-12}]", "end: 2032-12\nask: [{that: openai.market_share > 30% @ 2032-12}]"},
}
