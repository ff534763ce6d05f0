#!/usr/bin/env bash
# Fuzzes what a worker reads and did not write (job records, results, weights, config, manifest, tokenizer) with Jazzer,
# guided by coverage. Ends with 0 only when every input ended in an outcome within its limits of time and memory.
set -euo pipefail
runs=150000 seed=1 kinds="jobs cancellations results safetensors config manifest tokenizer checkpoint"
usage() {
  cat <<EOF
deploy/fuzz.sh [--runs N] [--seed N] [--input KIND]
  --runs N      inputs of each kind, $runs where absent
  --seed N      of the fuzzer's randomness, $seed where absent
  --input KIND  one kind only, of: $kinds
EOF
}
while [ $# -gt 0 ]; do
  case "$1" in
    --runs) runs=$2; shift 2 ;;
    --seed) seed=$2; shift 2 ;;
    --input) kinds=$2; shift 2 ;;
    --help | -h) usage; exit ;;
    *) usage >&2; exit 2 ;;
  esac
done

home=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)
maven_options=(-Pfuzz)
# shellcheck source=deploy/worker-test-path.sh
source "$home/deploy/worker-test-path.sh"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for kind in $kinds; do
  "${java[@]}" io.sedd.worker.hostile.CoverageGuided "$kind" "$work/$kind"
  begin=$(date +%s)
  # the time limit catches what hangs, and the first input loads all classes; a second of one input's own work is the watch's limit
  # a crashing input is left in the folder below and named in the output
  if ! (cd "$home/worker/target" && "${java[@]}" -Xmx1g -Dhostile.input="$kind" com.code_intelligence.jazzer.Jazzer \
    --target_class=io.sedd.worker.hostile.CoverageGuided '--instrumentation_includes=io.sedd.**' \
    -runs="$runs" -seed="$seed" -timeout=60 -max_len=8192 -rss_limit_mb=0 "$work/$kind") >"$work/$kind.log" 2>&1; then
    tail -60 "$work/$kind.log"
    echo "fuzz: $kind failed; the input lies in $home/worker/target" >&2
    exit 1
  fi
  grep -E '^(Done|#[0-9]+.DONE)' "$work/$kind.log" | tail -1
  grep -E "^$kind:" "$work/$kind.log"
  echo "  in $(($(date +%s) - begin)) s"
done
