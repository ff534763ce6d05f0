#!/usr/bin/env python3
"""SEDD in plain PyTorch: what this project's backends are held against.

  baseline.py check FOLDER [--device cpu]       log scores, a step, the loss and a gradient against the numbers beside a golden model
  baseline.py bench --shape sedd-small --json FILE [--device cuda] [--type bf16,autocast,fp32] [--batch 1,8,32] [--steps 32,64,128,1024]

One file that needs torch and nothing else. The network is that of arXiv 2310.16834, appendix C.1: a diffusion transformer with adaLN,
rotary positions and torch's own attention; the sampler takes analytic (Tweedie) steps on the absorbing graph; training is the denoising
score entropy with AdamW and a moving average. Everything is eager unless --compile is given.

Types: "bf16" keeps the weights in bf16, "autocast" keeps them in fp32 and casts the factors of products (as the official code does, and
as training here always does unless it is fp32), "fp32" multiplies in fp32, without TF32.

Heads: "all" scores every row at every step, as the official sampler does; "open" those that are still masked.
"""

import argparse
import contextlib
import json
import math
import statistics
import struct
import sys
import time
import warnings
from pathlib import Path

warnings.filterwarnings("ignore", message="Failed to initialize NumPy")

import torch
import torch.nn.functional as F

FREQUENCIES = 256
END = 1e-5  # time at which the denoiser takes over
NOISE_EPS = 1e-3  # of the log-linear schedule
EARLIEST = 1e-3  # smallest time of training

# tokens, hidden, conditioning, length, blocks, heads: those of `sedd bench`
SHAPES = {
    "sedd-small": (50_257, 768, 128, 1024, 12, 12),
    "sedd-medium": (50_257, 1024, 128, 1024, 24, 16),
    "384x6": (1024, 384, 128, 256, 6, 6),
    "demo": (1024, 256, 32, 128, 4, 8),
}


def read_safetensors(path):
    """Tensors of a safetensors file, by name."""
    kinds = {"F32": torch.float32, "BF16": torch.bfloat16, "F64": torch.float64, "I64": torch.int64}
    raw = bytearray(Path(path).read_bytes())
    (length,) = struct.unpack("<Q", raw[:8])
    header = json.loads(raw[8 : 8 + length])
    tensors = {}
    for name, entry in header.items():
        if name != "__metadata__":
            begin, end = (8 + length + offset for offset in entry["data_offsets"])
            flat = torch.frombuffer(bytearray(raw[begin:end]), dtype=kinds[entry["dtype"]])
            tensors[name] = flat.reshape(entry["shape"])
    return tensors


# --- network


class Block(torch.nn.Module):
    """adaLN-Zero: x += gate1 attention(norm1 x); x += gate2 mlp(norm2 x)."""

    def __init__(self, hidden, conditioning, heads):
        super().__init__()
        self.heads = heads
        self.norm1 = Norm(hidden)
        self.attn_qkv = torch.nn.Linear(hidden, 3 * hidden, bias=False)
        self.attn_out = torch.nn.Linear(hidden, hidden, bias=False)
        self.norm2 = Norm(hidden)
        self.mlp = torch.nn.Sequential(
            torch.nn.Linear(hidden, 4 * hidden),
            torch.nn.GELU(approximate="tanh"),
            torch.nn.Linear(4 * hidden, hidden),
        )
        self.adaLN_modulation = torch.nn.Linear(conditioning, 6 * hidden)

    def forward(self, x, conditioning, cos, sin):
        batch, length, hidden = x.shape
        parts = self.adaLN_modulation(conditioning)[:, None].chunk(6, dim=2)
        shift1, scale1, gate1, shift2, scale2, gate2 = parts
        qkv = self.attn_qkv(modulate(self.norm1(x), shift1, scale1))
        q, k, v = qkv.view(batch, length, 3, self.heads, -1).permute(2, 0, 3, 1, 4)
        mixed = F.scaled_dot_product_attention(rotate(q, cos, sin), rotate(k, cos, sin), v)
        mixed = mixed.transpose(1, 2).reshape(batch, length, hidden)
        x = torch.addcmul(x, gate1, self.attn_out(mixed))
        return torch.addcmul(x, gate2, self.mlp(modulate(self.norm2(x), shift2, scale2)))


class Norm(torch.nn.Module):
    """Layer norm with a weight and no bias."""

    def __init__(self, hidden):
        super().__init__()
        self.weight = torch.nn.Parameter(torch.ones(hidden))

    def forward(self, x):
        return F.layer_norm(x, (x.shape[-1],), self.weight, eps=1e-5)


class Output(torch.nn.Module):
    def __init__(self, hidden, conditioning, states):
        super().__init__()
        self.norm_final = Norm(hidden)
        self.linear = torch.nn.Linear(hidden, states)
        self.adaLN_modulation = torch.nn.Linear(conditioning, 2 * hidden)

    def forward(self, x, conditioning, rows):
        shift, scale = self.adaLN_modulation(conditioning)[:, None].chunk(2, dim=2)
        x = modulate(self.norm_final(x), shift, scale)
        return self.linear(x if rows is None else x.flatten(0, 1)[rows])


class Network(torch.nn.Module):
    """Gives logits; see `log_offset` for what makes log scores of them."""

    def __init__(self, states, hidden, conditioning, blocks, heads, scale_by_sigma=True):
        super().__init__()
        self.states, self.scale_by_sigma = states, scale_by_sigma
        self.head_size = hidden // heads
        self.vocab_embed = torch.nn.ParameterDict(
            {"embedding": torch.nn.Parameter(torch.randn(states, hidden) * 0.02)}
        )
        self.sigma_map = torch.nn.ModuleDict(
            {
                "mlp": torch.nn.Sequential(
                    torch.nn.Linear(FREQUENCIES, conditioning),
                    torch.nn.SiLU(),
                    torch.nn.Linear(conditioning, conditioning),
                )
            }
        )
        self.blocks = torch.nn.ModuleList(
            Block(hidden, conditioning, heads) for _ in range(blocks)
        )
        self.output_layer = Output(hidden, conditioning, states)
        self.angles = {}

    @staticmethod
    def of(folder):
        """A checkpoint's network."""
        config = json.loads((Path(folder) / "config.json").read_text())
        model = config["model"]
        states = config["tokens"] + (config["graph"]["type"] == "absorb")
        network = Network(
            states,
            model["hidden_size"],
            model["cond_dim"],
            model["n_blocks"],
            model["n_heads"],
            model["scale_by_sigma"],
        )
        weights = read_safetensors(Path(folder) / "model.safetensors")
        weights.pop("rotary_emb.inv_freq", None)
        network.load_state_dict(weights)
        return network, config

    def forward(self, x, sigma, rows=None):
        """Logits [B, L, V], or of the flat `rows` alone [rows, V]."""
        weight = self.vocab_embed["embedding"]
        conditioning = F.silu(self.sigma_map["mlp"](features(sigma).to(weight.dtype)))
        cos, sin = self.rotation(x.shape[1], x.device)
        y = F.embedding(x, weight)
        for block in self.blocks:
            y = block(y, conditioning, cos, sin)
        return self.output_layer(y, conditioning, rows)

    def rotation(self, length, device):
        if (length, device) not in self.angles:
            half = torch.arange(0, self.head_size, 2, dtype=torch.float64) / self.head_size
            angle = torch.outer(torch.arange(length, dtype=torch.float64), 10_000.0**-half)
            self.angles[length, device] = tuple(
                part.float().to(device) for part in (angle.cos(), angle.sin())
            )
        return self.angles[length, device]

    def log_offset(self, sigma):
        if not self.scale_by_sigma:
            return torch.zeros_like(sigma)
        return -torch.log(torch.expm1(sigma)) - math.log(self.states - 1)


def features(sigma):
    half = FREQUENCIES // 2
    rates = torch.arange(half, dtype=torch.float32, device=sigma.device) / half
    angle = sigma.float()[:, None] * torch.exp(-math.log(10_000) * rates)
    return torch.cat([angle.cos(), angle.sin()], dim=1)


def modulate(x, shift, scale):
    return torch.addcmul(shift, x, 1 + scale)


def rotate(x, cos, sin):
    cos, sin = cos.to(x.dtype), sin.to(x.dtype)
    a, b = x.chunk(2, dim=-1)
    return torch.cat([a * cos - b * sin, b * cos + a * sin], dim=-1)


# --- process: absorbing graph, log-linear noise


def total_noise(t):
    return -torch.log1p(-(1 - NOISE_EPS) * t)


def noise_rate(t):
    return (1 - NOISE_EPS) / (1 - (1 - NOISE_EPS) * t)


def analytic_weights(log_scores, away, last):
    """Weights of the next state of masked rows, in place; the mask is the last of the states.

    What the step over the noise d moves, away = expm1(d), is taken from staying, which is 0 at the last step.
    """
    weights = log_scores.exp_().mul_(away[..., None])
    weights[..., -1] = 0 if last else 1 - weights[..., :-1].sum(-1)
    return weights


class Sampler:
    """Analytic steps from all masked to text, and the denoiser at the end."""

    def __init__(self, network, steps, head, context):
        self.network, self.steps, self.head, self.context = network, steps, head, context
        self.mask = network.states - 1

    def run(self, x):
        for step in range(self.steps + 1):
            x = self.step(x, step)
        return x

    def step(self, x, step):
        dt = (1 - END) / self.steps
        last = step == self.steps
        time = torch.full((x.shape[0],), END if last else 1 - step * dt, device=x.device)
        sigma = total_noise(time)
        d = sigma if last else sigma - total_noise((time - dt).clamp(min=0))
        masked = x == self.mask
        rows = masked.flatten().nonzero()[:, 0] if self.head == "open" else None
        with self.context():
            logits = self.network(x, sigma, rows)
        away, offset = torch.expm1(d), self.network.log_offset(sigma)
        if rows is None:
            away, offset = away[:, None], offset[:, None, None]
        else:
            sequence = rows // x.shape[1]
            away, offset = away[sequence], offset[sequence][:, None]
        drawn = self.draw(logits.float().add_(offset), away, last)
        if rows is None:
            return torch.where(masked, drawn, x)
        return x.flatten().scatter(0, rows, drawn).view_as(x)

    @staticmethod
    def draw(log_scores, away, last):
        weights = analytic_weights(log_scores, away, last).clamp_(min=0)
        race = torch.empty_like(weights).exponential_()
        return weights.div_(race).argmax(dim=-1)


def score_entropy(log_scores, x, x0, sigma, mask):
    """Of each row, 0 where it is not masked."""
    ratio = (1 / torch.expm1(sigma))[:, None]
    masked = x == mask
    clean = torch.where(masked, x0, 0)
    picked = log_scores.gather(-1, clean[..., None])[..., 0]
    rows = log_scores[..., :mask].exp().sum(-1) - ratio * picked + ratio * (torch.log(ratio) - 1)
    return torch.where(masked, rows, 0)


# --- against the golden numbers


def check(arguments):
    folder = Path(arguments.folder)
    network, config = Network.of(folder)
    network.to(arguments.device)
    forward = read_safetensors(folder / "forward.safetensors")
    absorbing = config["graph"]["type"] == "absorb"
    found = {}
    with torch.no_grad():
        worst = 0
        for k in range(sum(name.endswith(".indices") for name in forward)):
            x = forward[f"case{k}.indices"].to(arguments.device)
            sigma = forward[f"case{k}.sigma"].to(arguments.device)
            actual = log_scores(network, x, sigma)
            distance = (actual.cpu() - forward[f"case{k}.log_score_f64"]).abs().max().item()
            worst = max(worst, distance)
        found["log score"] = (worst, 1e-4)
        if absorbing and config["noise"]["type"] == "loglinear":
            found["analytic step"] = (step_distance(network, folder, arguments.device), 1e-4)
    if absorbing and (folder / "grads.safetensors").exists():
        found.update(loss_distances(network, folder, arguments.device))
    for what, (distance, limit) in found.items():
        print(f"{folder.name}: {what} {distance:.2g} apart, allowed {limit:.0e}")
    if not all(distance <= limit for distance, limit in found.values()):
        sys.exit(f"{folder}: the baseline is not the network of these numbers")


def log_scores(network, x, sigma):
    scores = network(x, sigma).float() + network.log_offset(sigma)[:, None, None]
    return scores.scatter(-1, x[..., None], 0)


def step_distance(network, folder, device):
    """Of the weights of an analytic step at masked rows; the others stay as they are."""
    steps = {name: value.to(device) for name, value in read_safetensors(folder / "steps.safetensors").items()}
    dt = json.loads((folder / "meta.json").read_text())["steps"]["dt"]
    x, time = steps["x"], steps["t"][:, 0]
    sigma = total_noise(time)
    away = torch.expm1(sigma - total_noise(time - dt))[:, None]
    weights = analytic_weights(log_scores(network, x, sigma), away, last=False)
    wanted = steps["analytic_probs_f64"]
    masked = x == network.states - 1
    return ((weights - wanted)[masked].abs().max() / max(1.0, wanted.abs().max().item())).item()


def loss_distances(network, folder, device):
    numbers = {name: value.to(device) for name, value in read_safetensors(folder / "loss.safetensors").items()}
    sigma = total_noise(numbers["t"])
    rows = score_entropy(
        log_scores(network, numbers["x_t"], sigma), numbers["x_t"], numbers["x0"], sigma, network.states - 1
    )
    loss = (noise_rate(numbers["t"]) * rows.sum(dim=1)).mean()
    loss.backward()
    wanted = numbers["loss_mean_f64"].item()
    gradients = read_safetensors(folder / "grads.safetensors")
    worst = 0
    for name, parameter in network.named_parameters():
        expected = gradients[name]
        distance = (parameter.grad.cpu() - expected).abs().max() / expected.abs().max()
        worst = max(worst, distance.item())
    return {"loss": (abs(loss.item() - wanted) / abs(wanted), 1e-4), "gradient": (worst, 1e-3)}


# --- bench


class Bench:
    """Medians of what is repeated for at least `seconds`; a device is waited for."""

    def __init__(self, device, seconds, runs):
        self.device, self.seconds, self.runs = device, seconds, runs

    def wait(self):
        if self.device.type == "cuda":
            torch.cuda.synchronize()

    def median(self, work):
        work()
        self.wait()
        times = []
        while len(times) < self.runs or (sum(times) < self.seconds and len(times) < 1000):
            begin = time.perf_counter()
            work()
            self.wait()
            times.append(time.perf_counter() - begin)
        return statistics.median(times)


def bench(arguments):
    device = torch.device(arguments.device)
    tokens, hidden, conditioning, length, blocks, heads = SHAPES[arguments.shape]
    length = arguments.length or length
    shape = (tokens + 1, hidden, conditioning, blocks, heads)
    stopwatch = Bench(device, arguments.seconds, arguments.runs)
    report = {
        "subject": {"name": arguments.shape, "hidden": hidden, "blocks": blocks, "heads": heads,
                    "states": tokens + 1, "length": length},
        "machine": torch.cuda.get_device_name() if device.type == "cuda" else "CPU",
        "torch": torch.__version__, "compiled": arguments.compile,
        "products": [], "forward": [], "step": [], "generation": [], "training": [], "notes": [],
    }
    for kind in arguments.type:
        for part in (products, inference, training):
            try:
                part(report, kind, shape, length, arguments, device, stopwatch)
            except torch.cuda.OutOfMemoryError as error:
                report["notes"].append(f"{part.__name__} in {kind} was left out: {str(error).splitlines()[0]}")
            if device.type == "cuda":
                torch.cuda.empty_cache()
    text = json.dumps(report, indent=1) + "\n"
    if arguments.json == "-":
        print(text, end="")
    else:
        Path(arguments.json).write_text(text)


def context_of(kind, device):
    if kind == "autocast":
        return lambda: torch.autocast(device.type, dtype=torch.bfloat16)
    return contextlib.nullcontext


def products(report, kind, shape, length, arguments, device, stopwatch):
    """Large matrix products and the network's own, by torch.matmul."""
    if kind == "autocast":
        return
    dtype = torch.bfloat16 if kind == "bf16" else torch.float32
    states, hidden = shape[:2]
    rows = max(arguments.batch) * length
    sizes = [("large", size, size, size) for size in arguments.large]
    sizes += [("q, k, v", rows, hidden, 3 * hidden), ("MLP in", rows, hidden, 4 * hidden),
              ("head", min(rows, 8192), hidden, states)]
    for what, m, k, n in sizes:
        a = torch.randn(m, k, device=device, dtype=dtype)
        b = torch.randn(n, k, device=device, dtype=dtype)
        times = max(1, int(2e9 / (2 * m * k * n))) if device.type == "cpu" else 10
        seconds = stopwatch.median(lambda: [F.linear(a, b) for _ in range(times)]) / times
        say(f"{kind}: product {m} x {k} x {n}")
        report["products"].append({"type": kind, "product": what, "rows": m, "in": k, "out": n,
                                   "ms": seconds * 1e3, "gflops": 2e-9 * m * k * n / seconds})


def inference(report, kind, shape, length, arguments, device, stopwatch):
    network = Network(*shape).to(device).eval()
    if kind == "bf16":
        network.to(torch.bfloat16)
    context = context_of(kind, device)
    evaluate = torch.compile(network) if arguments.compile else network
    with torch.inference_mode():
        for batch in arguments.batch:
            x = torch.full((batch, length), shape[0] - 1, device=device)
            sigma = torch.ones(batch, device=device)

            def forward():
                with context():
                    evaluate(x, sigma)

            say(f"{kind}: evaluation of {batch} sequences")
            seconds = stopwatch.median(forward)
            report["forward"].append({"type": kind, "batch": batch, "tokens": batch * length,
                                      "ms": seconds * 1e3, "gflops": forward_flops(shape, batch, length) / seconds / 1e9})
            for head in arguments.head:
                generation(report, kind, evaluate, network, head, batch, length, arguments, device, stopwatch, context)


def generation(report, kind, evaluate, network, head, batch, length, arguments, device, stopwatch, context):
    shares = [0.0, 0.25, 0.5, 0.75, 1.0]
    standing = Sampler(network, 1 << 20, head, context)
    standing.network = _With(evaluate, network)
    say(f"{kind}: steps of {batch} sequences, head {head}")
    seconds = []
    for share in shares if head == "open" else [1.0]:
        x = torch.zeros(batch, length, dtype=torch.int64, device=device)
        x[:, : max(1, round(share * length))] = network.states - 1
        seconds.append(stopwatch.median(lambda: standing.step(x, 0)))
    report["step"].append({"type": kind, "head": head, "batch": batch, "tokens": batch * length, "ms": seconds[-1] * 1e3})
    # the open share falls evenly from 1 to 0: the trapezoidal mean of the costs
    mean = seconds[0] if len(seconds) == 1 else (sum(seconds) - (seconds[0] + seconds[-1]) / 2) / (len(seconds) - 1)
    for steps in arguments.steps:
        expected = mean * (steps + 1)
        extrapolated = expected > arguments.budget
        spent = expected
        if not extrapolated:
            sampler = Sampler(network, steps, head, context)
            sampler.network = standing.network
            x = torch.full((batch, length), network.states - 1, device=device)
            begin = time.perf_counter()
            x = sampler.run(x)
            stopwatch.wait()
            spent = time.perf_counter() - begin
            if (x == network.states - 1).any():
                report["notes"].append(f"a run of {steps} steps left masks")
        report["generation"].append({"type": kind, "head": head, "steps": steps, "batch": batch, "tokens": batch * length,
                                     "seconds": spent, "tokensPerSecond": batch * length / spent, "extrapolated": extrapolated})


class _With:
    """A network whose evaluation is another one's, such as its compiled twin's."""

    def __init__(self, evaluate, network):
        self.evaluate, self.states, self.log_offset = evaluate, network.states, network.log_offset

    def __call__(self, *arguments):
        return self.evaluate(*arguments)


def training(report, kind, shape, length, arguments, device, stopwatch):
    if kind == "bf16":
        return  # in bf16 weights an update of 1e-5 is lost: autocast is what trains
    network = Network(*shape).to(device)
    forward = torch.compile(network) if arguments.compile else network
    parameters = list(network.parameters())
    average = [p.detach().clone() for p in parameters]
    optimizer = torch.optim.AdamW(parameters, lr=1e-5, weight_decay=0, fused=device.type == "cuda")
    mask, batch = shape[0] - 1, arguments.train_batch
    context = context_of(kind, device)

    def step():
        x0 = torch.randint(0, mask, (batch, length), device=device)
        t = (1 - EARLIEST) * torch.rand(batch, device=device) + EARLIEST
        sigma = total_noise(t)
        x = torch.where(torch.rand(batch, length, device=device) < -torch.expm1(-sigma)[:, None], mask, x0)
        with context():
            logits = forward(x, sigma)
        scores = logits.float() + network.log_offset(sigma)[:, None, None]
        loss = (noise_rate(t) * score_entropy(scores, x, x0, sigma, mask).sum(dim=1)).mean()
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(parameters, 1.0)
        optimizer.step()
        with torch.no_grad():
            torch._foreach_lerp_(average, parameters, 1 - 0.9999)

    say(f"{kind}: training, {batch} sequences")
    seconds = stopwatch.median(step)
    report["training"].append({"type": kind, "batch": batch, "tokens": batch * length, "ms": seconds * 1e3,
                               "tokensPerSecond": batch * length / seconds,
                               "gflops": 3 * forward_flops(shape, batch, length) / seconds / 1e9})


def forward_flops(shape, batch, length):
    """As `sedd bench` counts them, all rows scored; docs/bench.md has the formula."""
    states, hidden, _, blocks, _ = shape
    rows = batch * length
    return 24 * hidden**2 * blocks * rows + 4 * hidden * blocks * batch * length**2 + 2 * hidden * states * rows


def say(line):
    print("baseline: " + line, file=sys.stderr, flush=True)


def numbers(text):
    return [int(part) for part in text.split(",")]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    commands = parser.add_subparsers(required=True)
    one = commands.add_parser("check", help="compare with the numbers beside a golden model")
    one.add_argument("folder")
    one.add_argument("--device", default="cpu")
    one.set_defaults(run=check)
    two = commands.add_parser("bench", help="measure")
    two.add_argument("--shape", choices=SHAPES, default="sedd-small")
    two.add_argument("--length", type=int, help="another length than the shape's")
    two.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    two.add_argument("--type", type=lambda text: text.split(","), default=["bf16", "autocast"])
    two.add_argument("--batch", type=numbers, default=[1, 8, 32])
    two.add_argument("--steps", type=numbers, default=[32, 64, 128, 1024])
    two.add_argument("--head", type=lambda text: text.split(","), default=["all", "open"])
    two.add_argument("--train-batch", type=int, default=8)
    two.add_argument("--large", type=numbers, default=[2048, 4096, 8192])
    two.add_argument("--seconds", type=float, default=0.5, help="short work is repeated for so long")
    two.add_argument("--runs", type=int, default=3)
    two.add_argument("--budget", type=float, default=3, help="runs that would take longer are summed up from steps")
    two.add_argument("--compile", action="store_true")
    two.add_argument("--json", default="-")
    two.set_defaults(run=bench)
    torch.manual_seed(1)
    torch.backends.cuda.matmul.allow_tf32 = False
    arguments = parser.parse_args()
    arguments.run(arguments)


if __name__ == "__main__":
    main()
