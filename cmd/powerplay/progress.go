package main

import (
	"fmt"
	"strings"
	"sync"
	"time"
)

// progress tells on stderr how far the runs are: on a terminal in one line that is written over, else in a
// line for each tenth. What takes less than a second is not worth a word.
type progress struct {
	s       *streams
	runs    int
	name    string // of the job, where there are several
	follow  int    // jobs after it
	silent  bool
	started time.Time

	mu     sync.Mutex
	ended  int
	before int // of these, runs that an earlier attempt has left
	told   time.Time
	tenths int
	width  int // of the line on the terminal
}

// newProgress counts up to all runs of a job, of which some are still missing.
func newProgress(s *streams, j *job, runs, missing int) *progress {
	before := runs - missing
	return &progress{
		s: s, runs: runs, ended: before, before: before, name: j.named, follow: j.follow,
		silent: j.options.quiet || missing < 2, started: time.Now(),
	}
}

const (
	quietTime  = time.Second
	fastestBar = 100 * time.Millisecond
)

// done takes note of one more finished run. Workers call it, so the count it is given may come late.
func (p *progress) done(int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.ended++
	now := time.Now()
	if p.silent || now.Sub(p.started) < quietTime {
		return
	}
	tenth := 10 * p.ended / p.runs
	switch {
	case p.s.errTTY:
		if now.Sub(p.told) < fastestBar {
			return
		}
		p.told = now
		line := p.line(now)
		fmt.Fprint(p.s.err, "\r", line, strings.Repeat(" ", max(0, p.width-len(line))))
		p.width = len(line)
	case tenth > p.tenths && p.ended < p.runs:
		p.tenths = tenth
		fmt.Fprintln(p.s.err, p.line(now))
	}
}

func (p *progress) line(now time.Time) string {
	line := fmt.Sprintf("%s/%s runs", count(p.ended), count(p.runs))
	if p.name != "" {
		line = p.name + ": " + line
	}
	toCome := p.runs - p.ended + p.follow*p.runs
	if p.follow > 0 {
		line += fmt.Sprintf(", %s to come", number1(p.follow, "variant"))
	}
	left := time.Duration(float64(now.Sub(p.started)) / float64(p.ended-p.before) * float64(toCome))
	return line + "  " + coarse(left)
}

// coarse is a time left, said no more precisely than it is known.
func coarse(d time.Duration) string {
	switch {
	case d < 5*time.Second:
		return "a few seconds left"
	case d < 50*time.Second:
		return fmt.Sprintf("~%d s left", 10*int((d+5*time.Second)/(10*time.Second)))
	case d < 90*time.Minute:
		return fmt.Sprintf("~%d min left", max(1, int((d+30*time.Second)/time.Minute)))
	}
	return fmt.Sprintf("~%d h left", int((d+30*time.Minute)/time.Hour))
}

// end takes the line off the terminal.
func (p *progress) end() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.width > 0 {
		fmt.Fprint(p.s.err, "\r", strings.Repeat(" ", p.width), "\r")
	}
}
