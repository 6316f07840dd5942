package main

import (
	"errors"
	"strings"
	"testing"

	"github.com/spf13/afero"

	"powerplay/scenarios"
)

func TestAResultThatAnotherBuildMadeOtherwiseIsNotTakenForDone(t *testing.T) {
	fs, s := desk(t, map[string]string{"tiny.yaml": tiny})
	j := tinyJob(t, fs, func(o *runOptions) { o.runs = 3 })
	if _, err := j.run(t.Context(), fs, s); err != nil {
		t.Fatal(err)
	}
	if err := leave(t.Context(), fs, []*job{j}); !errors.As(err, new(*doneError)) {
		t.Errorf("the same build: %v, want that it is done", err)
	}
	other, problems := scenarios.Load(fs, "tiny.yaml", "", []string{"firms.openai.cash=$1B"})
	if other == nil {
		t.Fatal(problems)
	}
	j.study = other // of the same identity, as the results of two builds of a version are
	err := leave(t.Context(), fs, []*job{j})
	if e, ok := errors.AsType[*problemsError](err); !ok || e.code() != codeFiles || !strings.Contains(e.problems[0].Why, "run 0 comes out otherwise now") {
		t.Errorf("another build: %v, want that run 0 comes out otherwise", err)
	}
}

func TestChartsCannotBeDrawnWhereNobodyMayWrite(t *testing.T) {
	fs, s := desk(t, map[string]string{"tiny.yaml": tiny})
	j := tinyJob(t, fs, nil)
	if _, err := j.run(t.Context(), fs, s); err != nil {
		t.Fatal(err)
	}
	o := plotOptions{screenOptions: screenOptions{color: "auto", problems: "human"}, result: "result", charts: []string{"capacity"}, formats: []string{"png"}}
	err := replot(t.Context(), afero.NewReadOnlyFs(fs), s, o)
	if e, ok := errors.AsType[*problemsError](err); !ok || e.code() != codeFiles || !strings.Contains(e.problems[0].Hint, "copy the folder to where you may write") {
		t.Errorf("%v, want that the folder is to be copied: plot has no --out", err)
	}
}
