#!/usr/bin/env bash
# Runs workers under random faults (killed, stopped and frozen workers, a broker that stops or dies, a cut network, deadly
# and bad jobs, cancellations, deadlines, checkpoint swaps), then accounts for every job. Ends with 0 only when none is lost.
#   deploy/soak.sh --minutes 10 --seed 1 [--mode exactly-once|share-group] [--workers 2] [--folder DIR]
set -euo pipefail
home=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)
maven_options=()
# shellcheck source=deploy/worker-test-path.sh
source "$home/deploy/worker-test-path.sh"
exec "${java[@]}" -Xmx256m io.sedd.worker.faults.Soak "$@"
