#!/bin/bash
# bash slurm.sh RESULT SCENARIO [flags of run]: simulates on an array of Slurm tasks, then merges their parts.
set -eu
array=$(sbatch --parsable "$(dirname "$0")/slurm_task.sh" "$@")
sbatch --dependency="afterok:$array" --kill-on-invalid-dep=yes --wrap "powerplay merge '$1.parts' --out '$1'"
