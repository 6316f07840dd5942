package main

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// shard is one of several equal pieces into which the runs of a job are cut, so that machines can share it.
type shard struct{ index, count int } // index counts from 1; count is 0 when nothing is cut

// String writes the shard as --shard takes it.
func (p shard) String() string { return fmt.Sprintf("%d/%d", p.index, p.count) }

// of returns the shard's runs of all that are planned. Each run belongs to one shard, and is the same run in
// any number of shards.
func (p shard) of(runs []int) []int {
	if p.count == 0 {
		return runs
	}
	return runs[(p.index-1)*len(runs)/p.count : p.index*len(runs)/p.count]
}

// maxShards bounds the number of shards; no array of jobs has so many tasks.
const maxShards = 1_000_000

// readShard reads 3/8, or auto, or auto/8, where the environment tells which task of an array of jobs this is.
func readShard(text string, getenv func(string) string) (p shard, err error) {
	first, last, cut := strings.Cut(text, "/")
	if text == "" {
		return p, nil
	}
	if cut {
		if p.count, err = strconv.Atoi(last); err != nil || p.count < 1 || p.count > maxShards {
			return p, shardError(text)
		}
	}
	if first == "auto" {
		return autoShard(p.count, getenv)
	}
	if p.index, err = strconv.Atoi(first); err != nil || !cut || p.index < 1 || p.index > p.count {
		return p, shardError(text)
	}
	return p, nil
}

func shardError(text string) error {
	return &usageError{
		What: fmt.Sprintf("`--shard` takes a piece and their number, counted from 1, not `%s`", text),
		Hint: "write --shard 3/8, or --shard auto in a task of Slurm, Kubernetes, AWS Batch or Google Batch",
	}
}

// array is a system that starts many tasks from one job, as far as it tells a task its number.
type array struct {
	name        string
	index       string // variable with the task's number
	first, step string // variables with the first number and the distance between two; empty for 0 and 1
	count       string // variable with the number of tasks
	hint        string // where the number of tasks comes from
}

// arrays lists the systems that --shard auto knows.
func arrays() []array {
	return []array{
		{"Slurm", "SLURM_ARRAY_TASK_ID", "SLURM_ARRAY_TASK_MIN", "SLURM_ARRAY_TASK_STEP", "SLURM_ARRAY_TASK_COUNT", "submit the job as an array: sbatch --array=1-8"},
		{"Kubernetes", "JOB_COMPLETION_INDEX", "", "", "JOB_COMPLETIONS", "write --shard auto/8 with the completions of the Job"},
		{"AWS Batch", "AWS_BATCH_JOB_ARRAY_INDEX", "", "", "AWS_BATCH_JOB_ARRAY_SIZE", "submit the job as an array, or write --shard auto/8"},
		{"Google Batch", "BATCH_TASK_INDEX", "", "", "BATCH_TASK_COUNT", "write --shard auto/8 with the taskCount of the job"},
	}
}

// autoShard finds the shard in the environment. count is what the command line says, or 0.
func autoShard(count int, getenv func(string) string) (shard, error) {
	var found []array
	var looked []string
	for _, a := range arrays() {
		looked = append(looked, a.index+" ("+a.name+")")
		if getenv(a.index) != "" {
			found = append(found, a)
		}
	}
	switch len(found) {
	case 0:
		return shard{}, &usageError{
			What: "`--shard auto` finds no array of jobs: none of " + strings.Join(looked, ", ") + " is set",
			Hint: "start it as a task of an array, or write --shard 3/8",
		}
	case 1:
		return found[0].shard(count, getenv)
	}
	return shard{}, &usageError{
		What: fmt.Sprintf("`--shard auto` finds tasks of two arrays: both %s and %s are set", found[0].index, found[1].index),
		Hint: "write --shard 3/8, or unset one of them",
	}
}

// shard reads the variables of one system.
func (a array) shard(count int, getenv func(string) string) (p shard, err error) {
	read := func(name string, otherwise int) int {
		text := getenv(name)
		if name == "" || text == "" {
			return otherwise
		}
		n, bad := strconv.Atoi(text)
		if bad != nil || n < 0 || n > maxShards {
			err = &usageError{What: fmt.Sprintf("`--shard auto` reads %s, and it is `%s`, which is no number of a task", name, text), Hint: a.hint}
		}
		return n
	}
	id, first, step, told := read(a.index, 0), read(a.first, 0), read(a.step, 1), read(a.count, 0)
	switch {
	case err != nil:
		return p, err
	case told == 0 && count == 0:
		return p, &usageError{What: fmt.Sprintf("`--shard auto` finds %s but not %s", a.index, a.count), Hint: a.hint}
	case told > 0 && count > 0 && told != count:
		return p, &usageError{
			What: fmt.Sprintf("`--shard auto/%d` contradicts %s, which is %d", count, a.count, told),
			Hint: "write --shard auto, or start as many tasks as there are shards",
		}
	}
	p.count = max(told, count)
	p.index = (id-first)/max(1, step) + 1
	if id < first || (id-first)%max(1, step) != 0 || p.index > p.count {
		var variables []string
		for _, name := range []string{a.index, a.first, a.step, a.count} {
			if value := getenv(name); name != "" && value != "" {
				variables = append(variables, name+" "+value)
			}
		}
		return p, &usageError{
			What: fmt.Sprintf("`--shard auto` cannot tell which of %d tasks this is: %s", p.count, strings.Join(slices.Compact(variables), ", ")),
			Hint: "number the tasks without gaps, as in --array=1-8",
		}
	}
	return p, nil
}
