"""Reads a checkpoint folder with NumPy alone and compares its network with the manifest's canary.

Usage: read_checkpoint.py FOLDER. Prints the largest difference of a log score; exit code 1 if a file or
a number is not what the manifest says. Written from the layout of safetensors and the formulas of SEDD
(arXiv 2310.16834), with no code of the project.
"""
import hashlib
import json
import math
import os
import sys

import numpy as np


def read_safetensors(path):
    with open(path, "rb") as file:
        data = file.read()
    size = int.from_bytes(data[:8], "little")
    header = json.loads(data[8:8 + size])
    body = data[8 + size:]
    tensors = {}
    for name, entry in header.items():
        if name == "__metadata__":
            continue
        begin, end = entry["data_offsets"]
        raw = body[begin:end]
        if entry["dtype"] == "F32":
            values = np.frombuffer(raw, "<f4")
        elif entry["dtype"] == "BF16":  # the upper half of an fp32
            values = (np.frombuffer(raw, "<u2").astype(np.uint32) << 16).view(np.float32)
        else:
            sys.exit(f"{path}: {name} is {entry['dtype']}")
        tensors[name] = values.reshape(entry["shape"]).astype(np.float64)
    return tensors


def silu(x):
    return x / (1 + np.exp(-x))


def gelu(x):
    return x / 2 * (1 + np.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x ** 3)))


def norm(x, weight):
    mean = x.mean(-1, keepdims=True)
    return (x - mean) / np.sqrt(((x - mean) ** 2).mean(-1, keepdims=True) + 1e-5) * weight


def rotate(x):  # [L, heads, d]
    length, _, d = x.shape
    angle = np.arange(length)[:, None, None] * 10000.0 ** (-2 * np.arange(d // 2) / d)
    a, b = x[..., :d // 2], x[..., d // 2:]
    return np.concatenate([a * np.cos(angle) - b * np.sin(angle), b * np.cos(angle) + a * np.sin(angle)], -1)


def log_scores(w, config, tokens, sigma):
    heads = config["model"]["n_heads"]
    hidden = config["model"]["hidden_size"]
    frequencies = np.exp(-math.log(10000) * np.arange(128) / 128)
    e = np.concatenate([np.cos(sigma * frequencies), np.sin(sigma * frequencies)])
    c = silu(w["sigma_map.mlp.0.weight"] @ e + w["sigma_map.mlp.0.bias"])
    c = silu(w["sigma_map.mlp.2.weight"] @ c + w["sigma_map.mlp.2.bias"])
    x = w["vocab_embed.embedding"][tokens]
    length = len(tokens)
    for n in range(config["model"]["n_blocks"]):
        b = f"blocks.{n}."
        modulation = w[b + "adaLN_modulation.weight"] @ c + w[b + "adaLN_modulation.bias"]
        shift1, scale1, gate1, shift2, scale2, gate2 = np.split(modulation, 6)
        z = norm(x, w[b + "norm1.weight"]) * (1 + scale1) + shift1
        q, k, v = (part.reshape(length, heads, -1) for part in np.split(z @ w[b + "attn_qkv.weight"].T, 3, -1))
        logits = np.einsum("ihd,jhd->hij", rotate(q), rotate(k)) / math.sqrt(hidden // heads)
        weights = np.exp(logits - logits.max(-1, keepdims=True))
        weights /= weights.sum(-1, keepdims=True)
        mix = np.einsum("hij,jhd->ihd", weights, v).reshape(length, hidden)
        x = x + gate1 * (mix @ w[b + "attn_out.weight"].T)
        z = norm(x, w[b + "norm2.weight"]) * (1 + scale2) + shift2
        z = gelu(z @ w[b + "mlp.0.weight"].T + w[b + "mlp.0.bias"])
        x = x + gate2 * (z @ w[b + "mlp.2.weight"].T + w[b + "mlp.2.bias"])
    shift, scale = np.split(w["output_layer.adaLN_modulation.weight"] @ c + w["output_layer.adaLN_modulation.bias"], 2)
    z = norm(x, w["output_layer.norm_final.weight"]) * (1 + scale) + shift
    y = z @ w["output_layer.linear.weight"].T + w["output_layer.linear.bias"]
    if config["model"]["scale_by_sigma"]:
        y = y - math.log(math.expm1(sigma)) - math.log(y.shape[1] - 1)
    return y


def main(folder):
    with open(os.path.join(folder, "manifest.json")) as file:
        manifest = json.load(file)
    with open(os.path.join(folder, "config.json")) as file:
        config = json.load(file)
    for name, listed in manifest["files"].items():
        with open(os.path.join(folder, name), "rb") as file:
            if hashlib.sha256(file.read()).hexdigest() != listed["sha256"]:
                sys.exit(f"{name} has another hash than the manifest says")
    weights = read_safetensors(os.path.join(folder, "model.safetensors"))
    largest = 0.0
    compared = 0
    for row in manifest["canary"]["rows"]:
        scores = log_scores(weights, config, row["tokens"], row["sigma"])
        for expected in row["expected"]:
            difference = abs(scores[expected["position"], expected["state"]] - expected["logScore"])
            largest = max(largest, difference)
            compared += 1
    print(f"{len(weights)} tensors, {compared} log scores, largest difference {largest:.3g}")
    if not (compared > 0 and largest <= 1e-3):
        sys.exit("the network is another function than the one that was saved")


if __name__ == "__main__":
    main(sys.argv[1])
