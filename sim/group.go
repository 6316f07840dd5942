package sim

import (
	"slices"

	"powerplay/sim/contract"
	"powerplay/sim/id"
)

// group is the contracts whose terms are a T: those that act in one phase, so that it need not ask the others.
type group[T any] []entry[T]

type entry[T any] struct {
	id    id.Contract
	terms T
}

// grouping is a [group] of any kind.
type grouping interface {
	reset()
	takes(c contract.Clause) bool // by its type alone
	add(n id.Contract, parties []id.Firm, c contract.Clause)
}

func (g *group[T]) reset() { *g = (*g)[:0] }

func (g *group[T]) takes(c contract.Clause) bool {
	_, ok := c.(T)
	return ok
}

// add takes a contract in if it belongs to the group.
func (g *group[T]) add(n id.Contract, _ []id.Firm, c contract.Clause) {
	if terms, ok := c.(T); ok {
		*g = append(*g, entry[T]{n, terms})
	}
}

// pick makes g those of another group that fit.
func (g *group[T]) pick(from group[T], fit func(id.Contract) bool) {
	g.reset()
	for _, x := range from {
		if fit(x.id) {
			*g = append(*g, x)
		}
	}
}

// each goes through a group, and then through what joined it meanwhile: a contract may sign another of its kind.
func (g *group[T]) each(yield func(id.Contract, T) bool) {
	for k := 0; k < len(*g) && yield((*g)[k].id, (*g)[k].terms); k++ {
	}
}

// firmGroup is a group that is asked, offer by offer, for the contracts under which one firm has promised something.
type firmGroup[T any] struct {
	group[T]
	of []group[T] // by firm
}

func (g *firmGroup[T]) reset() {
	g.group.reset()
	for f := range g.of {
		g.of[f].reset()
	}
}

func (g *firmGroup[T]) add(n id.Contract, parties []id.Firm, c contract.Clause) {
	g.group.add(n, parties, c)
	if from := parties[0]; from != id.None {
		g.of[from].add(n, parties, c)
	}
}

// partyGroup is a group that is asked for the contracts in which one firm has any part.
type partyGroup[T any] struct{ firmGroup[T] }

func (g *partyGroup[T]) add(n id.Contract, parties []id.Firm, c contract.Clause) {
	g.group.add(n, parties, c)
	for i, f := range parties {
		if f != id.None && !slices.Contains(parties[:i], f) {
			g.of[f].add(n, parties, c)
		}
	}
}

// options are the contracts under which capacity can be called.
type options struct{ group[contract.Callable] }

func (g *options) add(n id.Contract, parties []id.Firm, c contract.Clause) {
	if c.(contract.Callable).Callable() > 0 {
		g.group.add(n, parties, c)
	}
}

// billers are the contracts that ask for payments, by whether they do before capacity is billed or after.
type billers struct{ before, after group[contract.Biller] }

func (b *billers) reset() {
	b.before.reset()
	b.after.reset()
}

func (b *billers) takes(c contract.Clause) bool { return b.before.takes(c) }

// add takes a contract in. Minimum payments, what comes with a reservation beside its rent, guarantees and running costs
// are billed after capacity; shares of revenue come before lenders.
func (b *billers) add(n id.Contract, parties []id.Firm, c contract.Clause) {
	switch c.(type) {
	case contract.Committer, contract.Reserver, contract.Recruiter, contract.Allocator, contract.Feeder, *contract.Backstop:
		b.after.add(n, parties, c)
	default:
		b.before.add(n, parties, c)
	}
}

// pool keeps the terms of contracts that firms sign during a run, for the next run to write over.
type pool[T any] struct {
	terms []*T
	used  int
}

func (p *pool[T]) next() *T {
	if p.used == len(p.terms) {
		p.terms = append(p.terms, new(T))
	}
	p.used++
	return p.terms[p.used-1]
}
