#!/usr/bin/env bash
# slurm_test.sh PROGRAM: runs slurm.sh on a Slurm that lives on the loopback address for as long as this takes, and
# compares the result with that of a single run. Exit code 77 and a last line with the reason mean that there is no
# Slurm to be had here. With CI=true, root installs it from Debian's packages.
set -euo pipefail
program=$(realpath "$1")
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
base=$(mktemp -d)
export PATH=$PATH:/usr/sbin:/sbin # where Debian has the daemons
began=$SECONDS

daemons=() # files with the numbers of the processes that are started here
cleanup() {
	local file
	for file in ${daemons[@]+"${daemons[@]}"}; do
		[[ ! -s $file ]] || kill "$(<"$file")" 2>/dev/null || true
	done
	sleep 1 # slurmd writes a last word
	rm -rf "$base"
}
trap cleanup EXIT

none() { echo "$*"; exit 77; }

missing() { ! command -v munged || ! command -v slurmctld || ! command -v slurmd || ! command -v sbatch; }
if missing >/dev/null && [[ ${CI:-} == true && $(id -u) == 0 ]] && command -v apt-get >/dev/null; then
	export DEBIAN_FRONTEND=noninteractive
	{ timeout 60 apt-get update -qq && timeout 240 apt-get install -y -qq --no-install-recommends munge slurmctld slurmd slurm-client; } >"$base/apt.log" 2>&1 ||
		none "Slurm cannot be installed: $(tail -n 1 "$base/apt.log")"
fi
missing >/dev/null && none "munge, slurmctld, slurmd or sbatch is not installed"

mkdir "$base"/{munge,state,spool,bin,work}
chmod 700 "$base/munge"
head -c 1024 /dev/urandom >"$base/munge/key"
chmod 400 "$base/munge/key"
daemons+=("$base/munge/pid")
munged --force --key-file="$base/munge/key" --socket="$base/munge/socket" --pid-file="$base/munge/pid" \
	--log-file="$base/munge/log" --seed-file="$base/munge/seed" 2>"$base/said" || none "munged does not start: $(tail -n 1 "$base/said")"

name=$(hostname -s) port=$((20000 + RANDOM % 20000))
cat >"$base/slurm.conf" <<CONF
ClusterName=loop
SlurmctldHost=$name(127.0.0.1)
SlurmctldPort=$port
SlurmdPort=$((port + 1))
SlurmUser=$(id -un)
SlurmdUser=$(id -un)
AuthType=auth/munge
AuthInfo=socket=$base/munge/socket
StateSaveLocation=$base/state
SlurmdSpoolDir=$base/spool
SlurmctldPidFile=$base/slurmctld.pid
SlurmdPidFile=$base/slurmd.pid
SlurmctldLogFile=$base/slurmctld.log
SlurmdLogFile=$base/slurmd.log
ProctrackType=proctrack/pgid
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SchedulerParameters=sched_interval=2,batch_sched_delay=0
MailProg=/bin/true
NodeName=$name NodeAddr=127.0.0.1 CPUs=2 State=UNKNOWN
PartitionName=main Nodes=$name Default=YES MaxTime=10 State=UP
CONF
export SLURM_CONF=$base/slurm.conf
daemons=("$base/slurmd.pid" "$base/slurmctld.pid" "${daemons[@]}")
slurmctld 2>"$base/said" || none "slurmctld does not start: $(tail -n 1 "$base/said")"
slurmd 2>"$base/said" || none "slurmd does not start: $(tail -n 1 "$base/said")"
for ((i = 0; ; i++)); do
	[[ $(timeout 5 sinfo --noheader --format=%T 2>"$base/said" || true) != idle ]] || break
	((i < 30)) || none "the node does not become idle: $(tail -qn 1 "$base/said" "$base/slurmctld.log" "$base/slurmd.log" 2>/dev/null | tail -n 1)"
	sleep 1
done
echo "Slurm $(slurmd -V | cut -d ' ' -f 2) is up after $((SECONDS - began)) s"

ln -s "$program" "$base/bin/powerplay"
export PATH=$base/bin:$PATH
cd "$base/work"
study=(base-2026 --runs 120 --seed 7)
bash "$here/slurm.sh" result "${study[@]}"
for ((i = 0; ; i++)); do
	[[ -n $(squeue --noheader) ]] || break
	((i < 90)) || { squeue; echo "the jobs do not end"; exit 1; }
	sleep 1
done
[[ -f result/manifest.json ]] || { cat slurm-*.out; echo "there is no result"; exit 1; }
grep -h '^part ' slurm-*_*.out
powerplay run "${study[@]}" --quiet --out single >single.log
diff -r --exclude=timing.json single result || { echo "not the bytes of a single run"; exit 1; }
echo "$(find result -type f | wc -l) files of 8 tasks and a merge are those of a single run, after $((SECONDS - began)) s"
