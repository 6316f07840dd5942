#!/bin/bash
#SBATCH --array=1-8 --requeue
exec powerplay run "${@:2}" --shard auto --resume auto --out "$1.parts/$SLURM_ARRAY_TASK_ID"
