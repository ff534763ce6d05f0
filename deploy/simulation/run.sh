#!/usr/bin/env bash
# Simulates 1 to 1,000 workers on one topic with the costs that were measured, and writes docs/scaling.md with its picture.
#   deploy/simulation/run.sh [--seed N]
#   deploy/simulation/run.sh --measure       first runs one, two and three real workers in both delivery modes (about 2 minutes)
set -euo pipefail
home=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../.." && pwd)
folder=$home/deploy/simulation
if [ "${1:-}" = --measure ]; then
  shift
  maven_options=()
  # shellcheck source=deploy/worker-test-path.sh
  source "$home/deploy/worker-test-path.sh"
  "${java[@]}" -Xmx1g io.sedd.worker.delivery.ScalingBenchmark "$folder/measured.csv"
fi
"$home/sedd" scaling-docs --template "$folder/page.md" --measured "$folder/measured.csv" \
  --page "$home/docs/scaling.md" --picture "$home/docs/scaling.png" "$@"
