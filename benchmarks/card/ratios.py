#!/usr/bin/env python3
"""Holds a report of `sedd bench` against one of baseline.py: ratios.py BENCH.json BASELINE.json, as a Markdown table.

A ratio above 1 means that this project's backend is faster than PyTorch.
"""

import json
import sys


def main():
    ours, theirs = (json.load(open(name)) for name in sys.argv[1:3])
    if ours["subject"]["name"] != theirs["subject"]["name"]:
        sys.exit(f"{sys.argv[1]} measures {ours['subject']['name']} and {sys.argv[2]} {theirs['subject']['name']}")
    print(f"{ours['subject']['name']}, length {ours['subject']['length']}: {ours['devices'][0]['description']}")
    print(f"PyTorch {theirs['torch']}{', compiled' if theirs['compiled'] else ''}: {theirs['machine']}\n")
    print("| what | type of PyTorch | SEDD | PyTorch | ratio |\n|---|---|---|---|---|")
    ceiling = max(product["gflops"] for product in ours["products"])
    for kind in sorted({product["type"] for product in theirs["products"]}):
        row("fastest product, TFLOP/s", kind, ceiling / 1e3, best(theirs["products"], kind) / 1e3)
    for mine in ours["forward"]:
        for other in matching(theirs["forward"], batch=mine["batch"]):
            row(f"evaluation of {mine['batch']}, TFLOP/s", other["type"], mine["gflops"] / 1e3, other["gflops"] / 1e3)
    for mine in ours["step"]:
        if mine["kind"] == "full":
            for other in matching(theirs["step"], tokens=mine["tokens"]):
                kind = f"{other['type']}, head {other['head']}"
                row(f"step of {mine['lanes']}, all masked, steps/s", kind, 1e3 / mine["ms"], 1e3 / other["ms"])
    for mine in ours["generation"]:
        for other in matching(theirs["generation"], batch=mine["batch"], steps=mine["steps"]):
            what = f"{mine['steps']} steps of {mine['batch']}, tokens/s"
            row(what, f"{other['type']}, head {other['head']}", *(one["tokensPerSecond"] for one in (mine, other)),
                *("~" if one["extrapolated"] else "" for one in (mine, other)))
    for mine in ours["training"]:
        for other in matching(theirs["training"], batch=mine["batch"]):
            row(f"training, {mine['batch']} sequences, tokens/s", other["type"], mine["tokensPerSecond"], other["tokensPerSecond"])
    print("\n~ summed up from single steps. The evaluation scores every row; training here scores the masked rows, PyTorch all of them.")
    for note in ours["notes"] + theirs["notes"]:
        print(f"\n{note}")


def matching(entries, **wanted):
    return [entry for entry in entries if all(entry[key] == value for key, value in wanted.items())]


def best(products, kind):
    return max(product["gflops"] for product in matching(products, type=kind))


def row(what, kind, mine, other, mark_mine="", mark_other=""):
    print(f"| {what} | {kind} | {mark_mine}{mine:,.4g} | {mark_other}{other:,.4g} | {mine / other:.2f} |")


if __name__ == "__main__":
    main()
