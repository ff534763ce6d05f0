#!/usr/bin/env bash
# Makes the topics where they are missing.
#   topics.sh BOOTSTRAP_SERVERS REPLICAS         inside an image of apache/kafka
set -euo pipefail
servers=$1 replicas=$2
# as many as there are brokers to confirm a record, less the one that may be away
isr=$((replicas > 1 ? replicas - 1 : 1))
topic() { # NAME PARTITIONS CONFIGURATION...
  local name=$1 partitions=$2
  shift 2
  local configuration=(--config "min.insync.replicas=$isr")
  local entry
  for entry in "$@"; do configuration+=(--config "$entry"); done
  /opt/kafka/bin/kafka-topics.sh --bootstrap-server "$servers" --create --if-not-exists --topic "$name" \
    --partitions "$partitions" --replication-factor "$replicas" "${configuration[@]}"
}
# a job that expires before it is read is lost: it stays until it is done
topic sedd.jobs 16 retention.ms=-1
topic sedd.results 16
topic sedd.progress 4 retention.ms=3600000
topic sedd.control 1 retention.ms=86400000
topic sedd.dead-letters 4 retention.ms=-1
