#!/usr/bin/env bash
# Trains what the paper compares, evaluates it, and leaves tables (JSON, Markdown) and charts (PNG).
#
#   deploy/experiments/run.sh                               # about an hour and a half on two cores, on ../shared/data
#   deploy/experiments/run.sh --scale smoke --out /tmp/out  # some minutes, on text that it makes up
#
#   --scale smoke|real  sizes of networks, steps, samples
#   --train FILE        text to train on (default: TinyStories of ../shared/data)
#   --held-out FILE     text to evaluate on
#   --state FOLDER      checkpoints and results on the way (default: run/experiments/SCALE)
#   --out FOLDER        where the page, tables and charts go (default: this folder)
#
# What is there already is not done again: a run that was stopped goes on where it was, and a stage is repeated by removing its files
# from the state folder. SEDD is the command that is run (default: the sedd beside this project's pom.xml).
set -euo pipefail
here=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")" && pwd)
home=$(cd "$here/../.." && pwd)
scale=real
train_text=$home/../shared/data/tinystories/train_truecased.txt
held_out=$home/../shared/data/tinystories/valid_cased.txt
state=
out=$here
while [ $# -gt 0 ]; do
  case $1 in
    --scale) scale=$2 ;;
    --train) train_text=$2 ;;
    --held-out) held_out=$2 ;;
    --state) state=$2 ;;
    --out) out=$2 ;;
    *)
      echo "run.sh: unknown argument $1; known are --scale, --train, --held-out, --state, --out" >&2
      exit 2
      ;;
  esac
  shift 2
done
state=${state:-$home/run/experiments/$scale}
read -ra sedd <<<"${SEDD:-$home/sedd}"
mkdir -p "$state/results" "$out"

case $scale in
  smoke)
    vocabulary=300 length=16 hidden=32 blocks=1 heads=2 batch=8 steps=40 warmup=5 rate=3e-3 average=0.9
    judge_hidden=32 judge_blocks=1 samples=4 sweep=2,4 sequences=16 passes=2 fill=8 rows=8
    train_text=$state/text.txt held_out=$state/text.txt
    [ -s "$train_text" ] || awk 'BEGIN { srand(1); split("cat dog bird fox hen", who); split("sat ran slept sang", did); split("mat log hill road", where)
      for (i = 0; i < 400; i++) printf "The %s %s on the %s.\n<|endoftext|>\n", who[1 + int(5 * rand())], did[1 + int(4 * rand())], where[1 + int(4 * rand())] }' >"$train_text"
    ;;
  real)
    vocabulary=1024 length=64 hidden=128 blocks=4 heads=4 batch=32 steps=3000 warmup=150 rate=3e-3 average=0.998
    judge_hidden=192 judge_blocks=4 samples=64 sweep=8,16,32,64,128,256,512 sequences=512 passes=8 fill=64 rows=256
    ;;
  *)
    echo "run.sh: --scale is smoke or real, not $scale" >&2
    exit 2
    ;;
esac
for file in "$train_text" "$held_out"; do
  [ -s "$file" ] || { echo "run.sh: $file is missing; give --train and --held-out" >&2; exit 1; }
done

say() { echo "$(date +%H:%M:%S) $*"; }

if [ ! -d "$state/corpus" ]; then
  say "packing the corpus"
  "${sedd[@]}" corpus pack "$train_text" --to "$state/corpus" --train-vocabulary $vocabulary
fi

# NAME OBJECTIVE GRAPH HIDDEN BLOCKS SEED
train() {
  if [ -e "$state/$1.done" ]; then return; fi
  say "training $1"
  "${sedd[@]}" train --config "$here/train.yaml" \
    --set corpus.packed="$state/corpus" --set "corpus.heldOut=[$held_out]" --set checkpoints.folder="$state/$1" \
    --set objective="$2" --set process.graph="$3" --set seed="$6" \
    --set model.length=$length --set model.hidden="$4" --set model.blocks="$5" --set model.heads=$heads \
    --set batch.sequences=$batch --set run.steps=$steps \
    --set optimizer.learningRate.peak=$rate --set optimizer.learningRate.warmup=$warmup \
    --set optimizer.learningRate.decaySteps=$steps --set optimizer.averageDecay=$average
  touch "$state/$1.done"
}

# NAME WHAT ARGUMENTS: the figures as JSON, the chart beside them
evaluate() {
  local name=$1
  shift
  if [ -s "$state/results/$name.json" ]; then return; fi
  say "evaluating $name"
  "${sedd[@]}" evaluate "$@" --json --plot "$state/results/$name.png" >"$state/results/$name.part"
  mv "$state/results/$name.part" "$state/results/$name.json"
}

bound() {
  evaluate "perplexity-$1" perplexity --checkpoint "$state/$1" --text "$held_out" --sequences $sequences --passes $passes
}

# the cheapest comparisons first: whatever ends early leaves whole results
train absorb score-entropy absorb $hidden $blocks 1
bound absorb
train uniform score-entropy uniform $hidden $blocks 1
bound uniform
train concrete-score-matching concrete-score-matching absorb $hidden $blocks 1
bound concrete-score-matching
train mean-prediction mean-prediction absorb $hidden $blocks 1
bound mean-prediction
train autoregressive autoregressive absorb $hidden $blocks 1
bound autoregressive
evaluate infilling infilling --checkpoint "$state/absorb" --text "$held_out" --sequences $rows --passes $passes --steps $fill \
  --beside "$state/autoregressive"
train judge autoregressive absorb $judge_hidden $judge_blocks 2
bound judge
# for the absorbing graph with the log-linear schedule an Euler step is an analytic step; the uniform graph tells them apart
evaluate sweep sweep --checkpoint "$state/absorb" --judge "$state/judge" --samples $samples --steps $sweep \
  --predictors analytic --draws exact,fp32 --beside "$state/autoregressive" --real "$held_out"
evaluate sweep-uniform sweep --checkpoint "$state/uniform" --judge "$state/judge" --samples $samples --steps $sweep \
  --predictors euler,analytic --draws exact,fp32 --real "$held_out"

say "writing the page"
"${sedd[@]}" evaluate experiments --from "$state/results" --to "$out"
say "done: $out/RESULTS.md"
