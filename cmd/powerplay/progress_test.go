package main

import (
	"bytes"
	"strings"
	"testing"
	"time"
)

func TestTimeLeftIsCoarse(t *testing.T) {
	for left, want := range map[time.Duration]string{
		2 * time.Second: "a few seconds left", 23 * time.Second: "~20 s left", 110 * time.Second: "~2 min left", 3 * time.Hour: "~3 h left",
	} {
		if got := coarse(left); got != want {
			t.Errorf("%v is %q, want %q", left, got, want)
		}
	}
}

func TestProgressIsSilentInAPipeButForTenths(t *testing.T) {
	_, s := desk(t, nil)
	p := newProgress(s, &job{}, 20, 20)
	p.done(1)
	if s.err.(*bytes.Buffer).Len() > 0 {
		t.Error("a word in the first second")
	}
	p.started = p.started.Add(-10 * time.Second)
	for range 19 {
		p.done(0)
	}
	p.end()
	lines := strings.Split(strings.TrimSpace(s.err.(*bytes.Buffer).String()), "\n")
	if len(lines) != 9 || !strings.HasPrefix(lines[0], "2/20 runs") || strings.Contains(s.err.(*bytes.Buffer).String(), "\r") {
		t.Errorf("said %q, want a line for each tenth from the first to the ninth", lines)
	}
}

func TestProgressRewritesOneLineOnATerminal(t *testing.T) {
	_, s := desk(t, nil)
	s.errTTY = true
	said := s.err.(*bytes.Buffer)
	p := newProgress(s, &job{named: "rich", follow: 2}, 1_000_000, 1_000_000)
	p.done(1)
	if said.Len() > 0 {
		t.Errorf("said %q in the first second", said)
	}
	p.started = p.started.Add(-10 * time.Second)
	began, lines := time.Now(), 0
	for time.Since(began) < 250*time.Millisecond {
		p.done(0)
	}
	most := int(time.Since(began)/fastestBar) + 1
	if lines = strings.Count(said.String(), "\r"); lines < 1 || lines > most {
		t.Errorf("the line was written %d times, want at most %d", lines, most)
	}
	first := strings.Split(said.String(), "\r")[1]
	if !strings.HasPrefix(first, "rich: 2/1,000,000 runs, 2 variants to come  ~") || !strings.HasSuffix(first, " left") {
		t.Errorf("the first line is %q", first)
	}
	p.end()
	if text := said.String(); strings.Contains(text, "\n") || !strings.HasSuffix(text, strings.Repeat(" ", p.width)+"\r") {
		t.Errorf("left on the terminal: %q", text)
	}
}

func TestTimeLeftCountsTheJobsToCome(t *testing.T) {
	_, s := desk(t, nil)
	for follow, want := range map[int]string{0: "~20 s left", 2: "~2 min left"} {
		p := newProgress(s, &job{follow: follow}, 60, 60)
		p.ended = 40
		if line := p.line(p.started.Add(40 * time.Second)); !strings.HasSuffix(line, want) {
			t.Errorf("with %d jobs to come: %q, want %q", follow, line, want)
		}
	}
}
