// Package rng gives random draws that are asked for by what they are for.
//
// A draw is a pure function of the study's seed, the run, the [Purpose], the luck of the entity it befalls, the
// month and an index. Nothing is remembered between draws and no order of calls exists, so a new purpose, a
// new firm or a new question shifts no old draw; two variants of a scenario share their luck; and any run can
// be repeated alone, on any worker.
//
// [Run.Uniform] gives a number between 0 and 1. The quantile functions turn one such number into one draw of a
// distribution: [Normal], [Gamma], [Categorical] and so on. One number in, one draw out, never a rejection:
// a draw that needs several tries would spend another number for another parameter, and runs with common
// random numbers would part. They are monotone in u, so a high u means a high draw in every variant.
//
// All results have the same bits on every machine; see package num.
package rng

import "powerplay/sim/unit"

// Run names one run of a study. The zero value is the central run of seed 0.
//
// Index 0 is the central run, in which the engine takes every input at its median and every event at its
// central value instead of drawing; a draw asked of it here is an ordinary one.
type Run struct {
	Seed  uint64 // the study's
	Index uint64 // of the run in the study
}

// Uniform returns a number between 0 and 1, never either: an odd multiple of 2^-53, each of the 2^52 equally
// likely. So u and 1-u are both exact and equally likely. luck says whom the draw befalls (see [Luck]; 0 for
// the world at large), t when (0 for what is drawn once), index which of several in that month.
//
// It is the first number of the [Run.Block] with the same arguments: do not use both for one purpose.
func (r Run) Uniform(p Purpose, luck uint64, t unit.Month, index int) float64 {
	w, _, _, _ := r.words(p, luck, t, index)
	return Open(w)
}

// Block returns four independent numbers like [Run.Uniform]'s at the price of one. index counts blocks.
func (r Run) Block(p Purpose, luck uint64, t unit.Month, index int) [4]float64 {
	w0, w1, w2, w3 := r.words(p, luck, t, index)
	return [4]float64{Open(w0), Open(w1), Open(w2), Open(w3)}
}

// Words returns four random words that hold for all runs of a study: what a design of its runs is keyed with.
func Words(seed uint64, p Purpose, luck uint64) [4]uint64 {
	w0, w1, w2, w3 := Run{Seed: seed}.words(p, luck, 0, 0)
	return [4]uint64{w0, w1, w2, w3}
}

// words is the key layout: the generator's key is (seed, purpose), its counter (index, month, run, luck). Each
// has a whole word, so no two draws can meet by packing.
func (r Run) words(p Purpose, luck uint64, t unit.Month, index int) (w0, w1, w2, w3 uint64) {
	return philox(uint64(index), uint64(t), r.Index, luck, r.Seed, p.key())
}

// Open maps a random word to the odd multiples of 2^-53 between 0 and 1, larger words to larger numbers.
func Open(w uint64) float64 { return float64(float64(int64(w>>11|1)) * 0x1p-53) }

// Luck is the hash under which the entity with this scenario key draws: 64-bit FNV-1a of its bytes. It
// depends on nothing but the key, so an entity keeps its luck when others come and go.
//
// Source: Fowler, Noll and Vo; parameters as in RFC 9923.
func Luck(key string) uint64 {
	h := uint64(0xcbf29ce484222325)
	for i := range len(key) {
		h = (h ^ uint64(key[i])) * 0x100000001b3
	}
	return h
}
