#!/usr/bin/env bash
# kubernetes_test.sh PROGRAM: runs kubernetes.yaml and kubernetes_merge.yaml on a Kubernetes of one node, breaks its
# pods off on the way, and compares the result with that of a single run. It is the real thing, kubelet and containers
# too, in namespaces of its own for as long as this takes; only root can start it. Exit code 77 and a last line with
# the reason mean that there is no Kubernetes to be had here. Its programs are built once, into the cache folder of
# .ci/run. With CI=true, what they stand on is installed from Debian's packages.
set -euo pipefail
version=1.34.4
program=$(realpath "$1")
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
bin=${XDG_CACHE_HOME:-$HOME/.cache}/powerplay-ci/kubernetes-v$version
plugins=/usr/lib/cni                   # where Debian has what connects pods,
export PATH=$bin:$PATH:/usr/sbin:/sbin # and the daemons
began=$SECONDS

none() { echo "$*"; exit 77; }

# ---- outside: bring the programs and make the namespaces --------------------------------------------------------

missing() {
	local name
	for name in etcd containerd runc ip openssl go gcc "$plugins/ptp"; do
		command -v "$name" >/dev/null || { echo "$name"; return; }
	done
}

install() {
	export DEBIAN_FRONTEND=noninteractive
	timeout 60 apt-get update -qq && timeout 240 apt-get install -y -qq --no-install-recommends \
		etcd-server containerd runc containernetworking-plugins iproute2 openssl gcc libc6-dev
}

# build makes Kubernetes, which names no versions of the modules that are released with it.
build() {
	local module=k8s.io/kubernetes programs
	programs=("$module"/cmd/{kube-apiserver,kube-controller-manager,kube-scheduler,kubelet,kubectl})
	export CGO_ENABLED=0 GOFLAGS=-mod=mod
	mkdir "$base/build" && cd "$base/build" && go mod init cluster && go mod edit -require="$module@v$version" &&
		go mod download "$module@v$version" &&
		awk -v v="v0.${version#*.}" '$2 == "v0.0.0" { print "replace", $1, "=>", $1, v }' \
			"$(go env GOMODCACHE)/cache/download/$module/@v/v$version.mod" >>go.mod &&
		nice -n 10 go build -trimpath -ldflags "-s -w -X k8s.io/component-base/version.gitVersion=v$version" -o bin/ "${programs[@]}" &&
		gcc -Os -static -o bin/pause "$(go list -m -f '{{.Dir}}' "$module")/build/pause/linux/pause.c" &&
		mkdir -p "${bin%/*}" && mv bin "$bin"
}

# cleanup takes away what does not end with the namespaces.
cleanup() {
	sleep 1 # after a signal they may be about to end
	rm -rf "$base"
	find /sys/fs/cgroup -depth -path '*/k8s.io*' -type d -exec rmdir {} + 2>/dev/null || true # where they are empty
}

outside() {
	local status=0
	[[ $(id -u) == 0 ]] || none "only root can start a kubelet"
	base=$(mktemp -d)
	trap cleanup EXIT
	trap 'exit 143' TERM # after what it waits for
	if [[ -n $(missing) && ${CI:-} == true ]] && command -v apt-get >/dev/null; then
		install >"$base/said" 2>&1 || none "etcd and containerd cannot be installed: $(tail -n 1 "$base/said")"
	fi
	[[ -z $(missing) ]] || none "$(missing) is not installed"
	[[ -d $bin ]] || (build) >"$base/said" 2>&1 || none "Kubernetes cannot be built: $(tail -n 1 "$base/said")"
	unshare --mount --net --pid true 2>"$base/said" || none "there are no namespaces: $(tail -n 1 "$base/said")"
	unshare --mount --net --pid --fork --kill-child --mount-proc bash "${BASH_SOURCE[0]}" "$program" "$base" || status=$?
	return $status
}

# ---- inside: the cluster ----------------------------------------------------------------------------------------

# start NAME COMMAND... starts a daemon.
start() { "${@:2}" >"$base/$1.log" 2>&1 & }

# await COMMAND... waits until a command succeeds.
await() {
	local i
	for ((i = 0; i < 90; i++)); do
		! "$@" >/dev/null 2>&1 || return 0
		sleep 1
	done
	return 1
}

# ready NAME COMMAND... waits until a daemon answers.
ready() { await "${@:2}" || none "the $1 does not get ready: $(tail -n 1 "$base/$1.log")"; }

# image FILE makes an image of one program, named after it.
image() {
	local name=${1##*/} layer
	tar --dereference -C "${1%/*}" -cf "$base/layer.tar" "$name"
	layer=$(sha256sum <"$base/layer.tar")
	cat >"$base/config.json" <<-CONFIG
		{"os": "linux", "architecture": "$(go env GOARCH)", "config": {"Entrypoint": ["/$name"]},
		 "rootfs": {"type": "layers", "diff_ids": ["sha256:${layer%% *}"]}}
	CONFIG
	echo "[{\"Config\": \"config.json\", \"RepoTags\": [\"$name:latest\"], \"Layers\": [\"layer.tar\"]}]" >"$base/manifest.json"
	tar -C "$base" -c manifest.json config.json layer.tar | ctr --namespace k8s.io images import --base-name docker.io/library/"$name" - >/dev/null
}

containers() {
	mkdir "$base/net"
	echo '{"cniVersion": "0.4.0", "name": "pods", "plugins": [{"type": "ptp", "ipam": {"type": "host-local", "subnet": "10.88.1.0/24"}}]}' \
		>"$base/net/pods.conflist"
	cat >"$base/containerd.toml" <<-CONF
		version = 2
		[plugins."io.containerd.internal.v1.opt"]
		path = "/var/lib/containerd/opt"
		[plugins."io.containerd.grpc.v1.cri"]
		sandbox_image = "docker.io/library/pause:latest"
		restrict_oom_score_adj = true # where root may not lower it
		cni = {bin_dir = "$plugins", conf_dir = "$base/net"}
	CONF
	start containerd containerd --config "$base/containerd.toml"
	ready containerd ctr version
	ln -s "$program" "$base/powerplay"
	image "$bin/pause"
	image "$base/powerplay"
}

cluster() {
	local address=10.88.0.1
	ip link set lo up
	ip address add "$address/32" dev lo
	containers
	openssl genrsa -out "$base/key" 2048 2>/dev/null
	echo 'secret,admin,1,system:masters' >"$base/tokens"
	cat >"$base/kubeconfig" <<-CONF
		apiVersion: v1
		kind: Config
		clusters: [{name: here, cluster: {server: "https://$address:6443", insecure-skip-tls-verify: true}}]
		users: [{name: admin, user: {token: secret}}]
		contexts: [{name: here, context: {cluster: here, user: admin}}]
		current-context: here
	CONF
	export KUBECONFIG=$base/kubeconfig
	start etcd etcd --data-dir "$base/etcd"
	start apiserver kube-apiserver --etcd-servers=http://127.0.0.1:2379 --advertise-address="$address" --service-cluster-ip-range=10.88.2.0/24 \
		--cert-dir="$base/certificates" --token-auth-file="$base/tokens" --kubelet-preferred-address-types=InternalIP \
		--service-account-issuer=https://here --service-account-signing-key-file="$base/key" --service-account-key-file="$base/key"
	ready apiserver kubectl get --raw /readyz
	start controllers kube-controller-manager --kubeconfig="$KUBECONFIG" --leader-elect=false --pvclaimbinder-sync-period=1s \
		--service-account-private-key-file="$base/key" --root-ca-file="$base/certificates/apiserver.crt"
	start scheduler kube-scheduler --kubeconfig="$KUBECONFIG" --leader-elect=false
	cat >"$base/kubelet.yaml" <<-CONF
		apiVersion: kubelet.config.k8s.io/v1beta1
		kind: KubeletConfiguration
		authentication: {anonymous: {enabled: true}, webhook: {enabled: false}}
		authorization: {mode: AlwaysAllow}
		containerRuntimeEndpoint: unix:///run/containerd/containerd.sock
		cgroupDriver: cgroupfs
		cgroupsPerQOS: false
		enforceNodeAllocatable: []
		failSwapOn: false
	CONF
	start kubelet kubelet --kubeconfig="$KUBECONFIG" --config="$base/kubelet.yaml" --hostname-override=node --node-ip="$address"
	ready kubelet kubectl wait --for=condition=ready --timeout=1s node/node
	echo "$(kubelet --version) is up after $((SECONDS - began)) s"
}

# claim binds the claim of the manifests to a folder that they share.
claim() {
	mkdir "$base/parts"
	kubectl apply -f - <<-CONF
		{apiVersion: v1, kind: List, items: [
		 {apiVersion: v1, kind: PersistentVolume, metadata: {name: powerplay},
		  spec: {capacity: {storage: 1Gi}, accessModes: [ReadWriteMany], hostPath: {path: $base/parts}}},
		 {apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: powerplay},
		  spec: {volumeName: powerplay, storageClassName: "", accessModes: [ReadWriteMany], resources: {requests: {storage: 1Gi}}}}]}
	CONF
}

# ---- inside: the study ------------------------------------------------------------------------------------------

fail() { echo "$*"; kubectl describe jobs,pods; exit 1; }

pod() { echo "batch.kubernetes.io/job-name=powerplay,batch.kubernetes.io/job-completion-index=$1"; }

# counts INDEX prints how many of its runs a task said it had, as often as it said it.
counts() { kubectl logs --selector "$(pod "$1")" --tail=-1 | sed -n 's,^\([0-9]*\)/50[01] runs.*,\1,p'; }

under_way() {
	local index
	for index in {0..7}; do
		(($(counts "$index" | wc -l) > 1)) || return 1
	done
}

# drain takes all pods from the node as if the machine were to go, and looks that they go on with what they had.
drain() {
	local index saved=() first
	await under_way || fail "the parts do not begin"
	timeout 120 kubectl drain node >"$base/drain.log" 2>&1 || fail "$(<"$base/drain.log")"
	for index in {1..8}; do
		saved+=("$(head -c 4096 "$base"/parts/*-part-"$index"-of-8/checkpoint.bin | grep -aom 1 '"ended":[0-9]*' | cut -d : -f 2)")
	done
	kubectl uncordon node
	await under_way || fail "the parts do not go on"
	for index in {0..7}; do
		first=$(counts "$index" | head -n 1)
		echo "task $index, evicted after ${saved[index]} runs, goes on and says $first"
		((first >= saved[index])) || fail "it began anew"
	done
}

# break_off INDEX kills a task as a lack of memory would.
break_off() {
	local container
	container=$(kubectl get pod --selector "$(pod "$1")" --output jsonpath='{.items[0].status.containerStatuses[0].containerID}')
	ctr --namespace k8s.io tasks kill --signal SIGKILL "${container#*://}"
	echo "task $1 is killed"
}

study() {
	local failed
	sed 's/"10000"/"4000"/' "$here/kubernetes.yaml" | kubectl apply -f -
	drain
	break_off 3
	timeout 240 kubectl wait --for=condition=complete --timeout=-1s job/powerplay || fail "the Job does not end"
	kubectl logs --selector job-name=powerplay --tail=-1 --prefix | grep ' part '
	failed=$(kubectl get job powerplay --output jsonpath='{.status.failed}')
	[[ $failed == 9 ]] || fail "$failed pods failed, and not the 8 evicted and the 1 killed"
	kubectl apply -f "$here/kubernetes_merge.yaml"
	timeout 120 kubectl wait --for=condition=complete --timeout=-1s job/powerplay-merge || fail "the merge does not end"
	"$program" run base-2026 --runs 4000 --quiet --out "$base/single" >"$base/single.log"
	diff -r --exclude=timing.json "$base/single" "$base/parts/result" || fail "not the bytes of a single run"
	echo "$(find "$base/single" -type f | wc -l) files of 8 tasks and a merge are those of a single run, after $((SECONDS - began)) s"
}

inside() {
	local folder
	trap 'exit 143' TERM # the first process of a namespace hears it only so
	for folder in /run /var/lib /var/log; do mount -t tmpfs none "$folder"; done
	cluster
	claim
	study
}

if [[ -z ${2:-} ]]; then outside; else base=$2 && inside; fi
