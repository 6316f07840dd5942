package sim

import (
	"powerplay/sim/id"
	"powerplay/sim/num"
	"powerplay/sim/rng"
	"powerplay/sim/shock"
	"powerplay/sim/unit"
)

// train turns research compute and ideas into capability and releases models.
func (w *World) train(t unit.Month) {
	r := &w.m.Market.Research
	w.recruit(t)
	mean := w.meanResearch()
	best, frontier := -1e300, 0.0
	for i := range w.labs {
		if l := &w.labs[i]; !l.gone {
			best = max(best, l.algorithms)
			frontier = max(frontier, l.capability)
		}
	}
	w.openWeights(t, frontier)
	speed := num.Log(1+float64(r.AlgorithmicProgress)) * w.factors[shock.Algorithms]
	for i := range w.labs {
		l := &w.labs[i]
		l.gain = 0
		if l.gone {
			continue
		}
		useful := float64(l.research * l.density * w.chipAccess(i))
		l.runCompute += (useful - l.runCompute) / float64(r.RunLength)
		// d ln a = ln(1+progress)·pace·(R/R̄)^e + spillover·(ln a_max − ln a), a twelfth of it a month      (7.2)
		pace := 0.0
		if useful > 0 && mean > 0 {
			pace = num.Pow(useful/mean, r.ComputeElasticity)
		}
		own := float64(speed * l.pace * min(maxPace, pace))
		l.algorithms += (own + float64(float64(r.Spillover)*max(0, best-l.algorithms))) / 12
		w.talent(i, t)
		w.follow(i, frontier)
		if t >= l.nextRelease {
			w.release(i, t)
		}
	}
	w.best = w.frontier()
	w.frontierMove = w.best - frontier
	w.leading = w.leaders()
}

// maxPace bounds how far one lab's research outruns the mean lab's.
const maxPace = 3

// meanResearch is the research compute of all labs, weighted by itself, so that an idle lab changes nothing.
func (w *World) meanResearch() float64 {
	sum, squares := 0.0, 0.0
	for i := range w.labs {
		l := &w.labs[i]
		x := float64(l.research * l.density * w.chipAccess(i))
		sum += x
		squares += float64(x * x)
	}
	if sum == 0 {
		return 0
	}
	return squares / sum
}

// frontier is the best released model.
func (w *World) frontier() float64 {
	x := 0.0
	for i := range w.labs {
		if !w.labs[i].gone {
			x = max(x, w.labs[i].capability)
		}
	}
	return x
}

// recruit lets contracts act on research: people hired make a lab faster, those who left set one back.
func (w *World) recruit(t unit.Month) {
	for i := range w.labs {
		w.labs[i].pace, w.labs[i].losing = 1, 1
	}
	for n, c := range w.deals.recruits.each {
		if !w.deals.active(n, t) || w.stopped(n) {
			continue
		}
		w.dues.Clear()
		c.Research(w.now(n, t), &w.dues)
		for _, e := range w.dues.Efforts {
			i := w.firms[e.Lab].lab
			if i < 0 {
				continue
			}
			l := &w.labs[i]
			l.pace *= 1 + e.Pace
			l.losing *= 1 - float64(e.Hold)
			l.algorithms += float64(float64(e.Points/w.m.Market.Research.PointsPerOOM) * ln10)
		}
		w.tellNotes(t, n)
	}
}

// talent sets a lab back when key people leave.
func (w *World) talent(i int, t unit.Month) {
	r, l := &w.m.Market.Research, &w.labs[i]
	luck := w.firms[l.firm].luck
	if !rng.Bernoulli(w.uniform(rng.Talent, luck, t, 0), float64(r.TalentHazard)*l.losing) {
		return
	}
	loss := rng.Exponential(w.uniform(rng.Talent, luck, t, 1), float64(r.TalentLoss))
	l.algorithms -= float64(loss / float64(r.PointsPerOOM) * ln10)
	if w.told() {
		w.tell(t, "talent", l.firm, id.None, id.NoContract, w.name(l.firm)+" loses key people.", points("setback", loss))
	}
}

const ln10 = 2.302585092994046

// follow lets a lab close in on the frontier without scale of its own.
//
//	C ← C + ln2/half-life·(C_max − C) + Access·(1 − walled)·ΔC_max      (7.4)
func (w *World) follow(i int, frontier float64) {
	r, l := &w.m.Market.Research, &w.labs[i]
	access := float64(w.lab(i).Access) * (1 - l.walled)
	gap := max(0, frontier-l.imitation)
	const ln2 = 0.6931471805599453
	l.imitation += float64(ln2/float64(r.DiffusionHalfLife)*gap) + float64(access*w.frontierMove)
}

// release puts a lab's next model on the market. What is released never falls.
//
//	C = max(C₀ + PointsPerOOM·(E − E₀) + noise, what following gives, C before)      (7.3)
func (w *World) release(i int, t unit.Month) {
	r, l, terms := &w.m.Market.Research, &w.labs[i], w.lab(i)
	luck := w.firms[l.firm].luck
	effort := w.effort(l)
	noise := rng.Normal(w.uniform(rng.Release, luck, t, 0), 0, r.ReleaseNoise)
	own := l.capability0 + float64(float64(r.PointsPerOOM)*(effort-l.effort0)) + noise
	c := max(own, l.imitation, l.capability)
	l.gain = c - l.capability
	l.capability = c
	// The next one comes within half to one and a half intervals.
	l.nextRelease = t.After(unit.Months(float64(terms.ReleaseInterval) * (0.5 + w.uniform(rng.Release, luck, t, 1))))
	if w.told() && l.gain > 0 {
		w.tell(t, "release", l.firm, id.None, id.NoContract, w.name(l.firm)+" releases a better model.",
			points("capability", c), points("gain", l.gain), points("frontier", w.frontier()), points("from own research", own), points("from following", l.imitation),
			number("effective compute over the start, powers of ten", effort-l.effort0), mw("research capacity", unit.MW(l.research)))
	}
}

// effort is the log10 of a lab's effective training compute.
//
//	E = log10(FinalRunShare·RunLength·research compute) + ln a/ln 10      (7.1)
//
// FinalRunShare and RunLength cancel in E − E₀ while they are constant.
func (w *World) effort(l *labState) float64 {
	return num.Log10(max(1, l.runCompute)) + l.algorithms/ln10
}
