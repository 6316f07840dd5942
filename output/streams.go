package output

import (
	"sync"

	"golang.org/x/sync/errgroup"

	"powerplay/sim/record"
	"powerplay/sim/unit"
)

// block is some months of a kept run, one after the other; the last of a run holds the events of all of it.
type block struct {
	run    int
	months []unit.Month
	frames []float64
	events []record.Event
}

// blockMonths is how many months of a run are written at a time: files grow while the run is simulated.
const blockMonths = 12

// waitingBlocks is how many blocks wait for a file at most. Those who simulate then wait too, so that memory does not grow.
const waitingBlocks = 8

// streams write blocks to several files at once, each in the order in which they are put.
type streams struct {
	mu      sync.Mutex
	over    bool
	queues  []chan block
	writers errgroup.Group
}

// newStreams starts a writer for each file. The first error of each is told to failed, and the writer then passes over
// what comes.
func newStreams(failed func(error), files ...func(block) error) *streams {
	s := &streams{}
	for _, write := range files {
		queue := make(chan block, waitingBlocks)
		s.queues = append(s.queues, queue)
		s.writers.Go(func() (err error) {
			for b := range queue {
				if err == nil {
					if err = write(b); err != nil {
						failed(err)
					}
				}
			}
			return err
		})
	}
	return s
}

// put hands the files the blocks that next yields, until it has none. Once the streams have ended it does nothing.
func (s *streams) put(next func() (block, bool)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for !s.over {
		b, ok := next()
		if !ok {
			return
		}
		for _, queue := range s.queues {
			queue <- b
		}
	}
}

// end waits until all that was put is written, and returns the first error. Streams that were never begun, nil, have none.
func (s *streams) end() error {
	if s == nil {
		return nil
	}
	s.mu.Lock()
	if !s.over {
		s.over = true
		for _, queue := range s.queues {
			close(queue)
		}
	}
	s.mu.Unlock()
	return s.writers.Wait()
}
