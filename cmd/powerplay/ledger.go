package main

import (
	"context"

	"powerplay/output"
	"powerplay/sim"
	"powerplay/sim/ensemble"
	"powerplay/sim/ledger"
	"powerplay/sim/record"
	"powerplay/sim/unit"
)

// writeLedger makes ledger.csv of the first run. It plays that run once more: postings of a run that a checkpoint holds are
// gone, and one run costs little.
func (j *job) writeLedger(ctx context.Context, folder *output.Folder) error {
	return folder.Ledger(func(put func(record.Posting)) error {
		b := &bookkeeper{put: put}
		p := j.plan(j.runs[:1])
		p.Prepare = func(w *sim.World) {
			if j.prepare != nil {
				j.prepare(w)
			}
			w.Books().Journal = func(p ledger.Posting) { b.post(w, p) }
		}
		return ensemble.Run(ctx, p, b)
	})
}

// bookkeeper hands on what is posted in a run, with names for numbers.
type bookkeeper struct {
	put    func(record.Posting)
	run    int
	month  unit.Month // that is under way
	number int        // postings of the month
}

func (b *bookkeeper) post(w *sim.World, p ledger.Posting) {
	b.number++
	books := w.Books()
	named := record.Posting{
		Run: b.run, Month: b.month, Number: b.number, From: books.Name(p.From), FromDebit: p.FromDebit.String(), FromCredit: p.FromCredit.String(),
		Cents: int64(p.Amount), Memo: p.Memo.Kind, Contract: w.ContractKey(p.Memo.Contract),
	}
	if !p.Inside() {
		named.To, named.ToDebit, named.ToCredit = books.Name(p.To), p.ToDebit.String(), p.ToCredit.String()
	}
	b.put(named)
}

// Draw implements [ensemble.Sink].
func (b *bookkeeper) Draw(run int, _ []float64) { b.run = run }

// Month implements [record.Sink]: what is posted next is of the month after the one that is closed.
func (b *bookkeeper) Month(_ int, t unit.Month, _ []float64) { b.month, b.number = t+1, 0 }

// Event implements [record.Sink].
func (b *bookkeeper) Event(record.Event) {}

// End implements [record.RunSink].
func (b *bookkeeper) End(int, unit.Month, string) {}

// Drop implements [record.RunSink].
func (b *bookkeeper) Drop(int) {}
