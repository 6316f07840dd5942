package main

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

func TestShards(t *testing.T) {
	tests := []struct {
		name, flag, environment string
		want                    string // the shard, or what the error says
	}{
		{"nothing is cut", "", "", "0/0"},
		{"by hand", "3/8", "", "3/8"},
		{"one of one", "1/1", "", "1/1"},
		{"they count from 1", "0/8", "", "counted from 1, not `0/8`"},
		{"no piece beyond the last", "9/8", "", "not `9/8`"},
		{"the number is needed", "3", "", "not `3`"},
		{"words are no numbers", "a/b", "", "not `a/b`"},
		{"no pieces at all", "auto/0", "", "not `auto/0`"},

		{"Slurm from 1", "auto", "SLURM_ARRAY_TASK_ID=3 SLURM_ARRAY_TASK_MIN=1 SLURM_ARRAY_TASK_MAX=8 SLURM_ARRAY_TASK_STEP=1 SLURM_ARRAY_TASK_COUNT=8", "3/8"},
		{"Slurm from 0", "auto", "SLURM_ARRAY_TASK_ID=0 SLURM_ARRAY_TASK_MIN=0 SLURM_ARRAY_TASK_STEP=1 SLURM_ARRAY_TASK_COUNT=4", "1/4"},
		{"Slurm by steps", "auto", "SLURM_ARRAY_TASK_ID=25 SLURM_ARRAY_TASK_MIN=5 SLURM_ARRAY_TASK_STEP=10 SLURM_ARRAY_TASK_COUNT=3", "3/3"},
		{"Slurm with the number said again", "auto/4", "SLURM_ARRAY_TASK_ID=4 SLURM_ARRAY_TASK_MIN=1 SLURM_ARRAY_TASK_COUNT=4", "4/4"},
		{"some tasks of an array submitted again", "auto/8", "SLURM_ARRAY_TASK_ID=5 SLURM_ARRAY_TASK_MIN=5 SLURM_ARRAY_TASK_COUNT=1", "`--shard auto/8` contradicts SLURM_ARRAY_TASK_COUNT, which is 1"},
		{"Slurm with gaps", "auto", "SLURM_ARRAY_TASK_ID=7 SLURM_ARRAY_TASK_MIN=1 SLURM_ARRAY_TASK_STEP=1 SLURM_ARRAY_TASK_COUNT=3", "cannot tell which of 3 tasks this is: SLURM_ARRAY_TASK_ID 7, SLURM_ARRAY_TASK_MIN 1"},
		{"Slurm between steps", "auto", "SLURM_ARRAY_TASK_ID=6 SLURM_ARRAY_TASK_MIN=1 SLURM_ARRAY_TASK_STEP=2 SLURM_ARRAY_TASK_COUNT=4", "cannot tell"},
		{"Slurm before the first", "auto", "SLURM_ARRAY_TASK_ID=1 SLURM_ARRAY_TASK_MIN=2 SLURM_ARRAY_TASK_STEP=1 SLURM_ARRAY_TASK_COUNT=4", "cannot tell"},
		{"Slurm without its count", "auto", "SLURM_ARRAY_TASK_ID=6", "SLURM_ARRAY_TASK_ID but not SLURM_ARRAY_TASK_COUNT"},
		{"Slurm with nonsense", "auto", "SLURM_ARRAY_TASK_ID=x SLURM_ARRAY_TASK_COUNT=4", "SLURM_ARRAY_TASK_ID, and it is `x`"},

		{"Kubernetes with the number on the command line", "auto/8", "JOB_COMPLETION_INDEX=0", "1/8"},
		{"Kubernetes with the number in the environment", "auto", "JOB_COMPLETION_INDEX=7 JOB_COMPLETIONS=8", "8/8"},
		{"Kubernetes says both alike", "auto/8", "JOB_COMPLETION_INDEX=7 JOB_COMPLETIONS=8", "8/8"},
		{"Kubernetes says both differently", "auto/4", "JOB_COMPLETION_INDEX=3 JOB_COMPLETIONS=8", "contradicts JOB_COMPLETIONS, which is 8"},
		{"Kubernetes without the number", "auto", "JOB_COMPLETION_INDEX=7", "JOB_COMPLETION_INDEX but not JOB_COMPLETIONS"},
		{"Kubernetes with too few", "auto/4", "JOB_COMPLETION_INDEX=4", "cannot tell which of 4 tasks"},

		{"AWS Batch", "auto", "AWS_BATCH_JOB_ARRAY_INDEX=2 AWS_BATCH_JOB_ARRAY_SIZE=5", "3/5"},
		{"AWS Batch before it told its size", "auto/5", "AWS_BATCH_JOB_ARRAY_INDEX=2", "3/5"},
		{"AWS Batch without its size", "auto", "AWS_BATCH_JOB_ARRAY_INDEX=2", "but not AWS_BATCH_JOB_ARRAY_SIZE"},

		{"Google Batch", "auto", "BATCH_TASK_INDEX=0 BATCH_TASK_COUNT=2", "1/2"},
		{"Google Batch without its count", "auto", "BATCH_TASK_INDEX=0", "but not BATCH_TASK_COUNT"},

		{"no array", "auto", "HOME=/root", "none of SLURM_ARRAY_TASK_ID (Slurm), JOB_COMPLETION_INDEX (Kubernetes), AWS_BATCH_JOB_ARRAY_INDEX (AWS Batch), BATCH_TASK_INDEX (Google Batch) is set"},
		{"two arrays", "auto", "SLURM_ARRAY_TASK_ID=1 SLURM_ARRAY_TASK_COUNT=2 BATCH_TASK_INDEX=0 BATCH_TASK_COUNT=2", "both SLURM_ARRAY_TASK_ID and BATCH_TASK_INDEX are set"},
		{"the environment is asked for nothing else", "2/3", "SLURM_ARRAY_TASK_ID=1 SLURM_ARRAY_TASK_COUNT=2", "2/3"},
	}
	for _, test := range tests {
		got, err := readShard(test.flag, func(name string) string {
			for pair := range strings.FieldsSeq(test.environment) {
				if value, ok := strings.CutPrefix(pair, name+"="); ok {
					return value
				}
			}
			return ""
		})
		if err != nil && (test.want == "" || !strings.Contains(err.Error(), test.want)) || err == nil && got.String() != test.want {
			t.Errorf("%s: --shard %s with %s is %v (%v), want %s", test.name, test.flag, test.environment, got, err, test.want)
		}
	}
}

// However runs are cut, each belongs to one piece, and pieces differ by one run at most.
func TestShardsCutTheRuns(t *testing.T) {
	for _, n := range []int{0, 1, 2, 7, 1_001} {
		runs := make([]int, n)
		for i := range runs {
			runs[i] = 3 * i
		}
		for _, count := range []int{1, 2, 3, 8} {
			var all []int
			for index := 1; index <= count; index++ {
				mine := shard{index, count}.of(runs)
				if len(mine) < n/count || len(mine) > n/count+1 {
					t.Errorf("%d of %d runs are in piece %d of %d", len(mine), n, index, count)
				}
				all = append(all, mine...)
			}
			if !slices.Equal(all, runs) {
				t.Errorf("%d pieces of %d runs hold %s", count, n, fmt.Sprint(all))
			}
		}
	}
}
