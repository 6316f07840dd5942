package main

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"

	"github.com/spf13/afero"

	"powerplay/output"
	"powerplay/output/chart"
	"powerplay/scenarios"
	"powerplay/sim/record"
)

// doneError says that folders hold the very results that were asked for.
type doneError struct {
	dirs  []string
	drawn []string // charts that were missing among them
	next  string   // what to do with them; empty where there is nothing to say
	quiet bool
	json  bool
}

func (e *doneError) Error() string { return e.dirs[0] + " holds this very result" }

// done tells whether the result of a job is there.
func (j *job) done(fs afero.Fs) bool { return output.Done(fs, j.dir, j.about, j.folder) }

// leave leaves results that are there as they are, with what plot, report and the user have added, and draws what is missing
// of the charts that are asked for. The error is a *[doneError], unless another build made one of the results otherwise.
func leave(ctx context.Context, fs afero.Fs, jobs []*job) error {
	done := &doneError{quiet: jobs[0].options.quiet, json: jobs[0].options.json, next: jobs[0].next()}
	for _, j := range jobs {
		drawn, err := j.stand(ctx, fs)
		if err != nil {
			return err
		}
		done.dirs = append(done.dirs, filepath.ToSlash(j.dir))
		done.drawn = append(done.drawn, drawn...)
	}
	return done
}

// next is what to do with the result of a job.
func (j *job) next() string {
	if j.shard.count > 0 {
		return fmt.Sprintf("powerplay merge with the folders of all %s", number1(j.shard.count, "part"))
	}
	return fmt.Sprintf("powerplay explain %s --kinds", quoted(filepath.ToSlash(j.dir)))
}

// stand checks the result of a job by a few of its runs and returns the charts that it had to draw.
func (j *job) stand(ctx context.Context, fs afero.Fs) (drawn []string, err error) {
	if j.shard.count > 0 {
		return nil, nil // its runs lie in a checkpoint, and it has no charts
	}
	r, err := output.Open(fs, j.dir)
	if err != nil {
		return nil, err
	}
	run, err := j.changed(ctx, func(visit func(*record.RunRow) error) error {
		_, err := r.EachRun(visit)
		return err
	})
	if err != nil {
		return nil, err
	}
	if run >= 0 {
		return nil, &problemsError{problems: []scenarios.Problem{{
			Code: "E604", What: fmt.Sprintf("the folder `%s` holds this result as another build made it", filepath.ToSlash(j.dir)),
			Why: (&rebuiltError{run}).Error(), Hint: "replace it with --force, or choose another folder with --out",
		}}}
	}
	return j.drawMissing(ctx, fs, r)
}

// drawMissing draws the charts that are asked for and not in a result.
func (j *job) drawMissing(ctx context.Context, fs afero.Fs, r *output.Result) (files []string, err error) {
	missing := slices.DeleteFunc(j.wanted(r.About.Runs), func(c chart.Chart) bool {
		there, err := afero.Exists(fs, filepath.Join(j.dir, "plots", c.Name+".png"))
		return there && err == nil
	})
	if len(missing) == 0 {
		return nil, nil
	}
	data, err := chart.Read(r, missing)
	if err != nil {
		return nil, err
	}
	to, err := output.Amend(fs, j.dir)
	if err != nil {
		return nil, err
	}
	defer to.Abort()
	all, err := drawAll(ctx, data, missing, look{formats: []string{"png"}}, to)
	if err != nil {
		return nil, err
	}
	for _, d := range all {
		for _, file := range d.files {
			files = append(files, filepath.ToSlash(filepath.Join(j.dir, file)))
		}
	}
	if files == nil {
		return nil, nil // each of them is without a number, as it was
	}
	return files, to.Close()
}
