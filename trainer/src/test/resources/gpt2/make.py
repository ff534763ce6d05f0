"""A small GPT-2 with random weights, and its logits in double precision by numpy: model.safetensors, config.json, expected.json."""
import json, struct
import numpy as np

rng = np.random.default_rng(5)
V, H, L, N, HEADS = 257, 8, 16, 2, 2
t = {}
def new(name, *shape, scale=0.4, base=0.0):
    t[name] = (base + scale * rng.standard_normal(shape)).astype(np.float32)
new("wte.weight", V, H); new("wpe.weight", L, H)
for n in range(N):
    p = f"h.{n}."
    for norm in ("ln_1", "ln_2"):
        new(p + norm + ".weight", H, base=1.0); new(p + norm + ".bias", H)
    for name, i, o in (("attn.c_attn", H, 3 * H), ("attn.c_proj", H, H), ("mlp.c_fc", H, 4 * H), ("mlp.c_proj", 4 * H, H)):
        new(p + name + ".weight", i, o); new(p + name + ".bias", o)
new("ln_f.weight", H, base=1.0); new("ln_f.bias", H)

def d(name): return t[name].astype(np.float64)
def ln(x, name):
    m = x.mean(-1, keepdims=True); v = ((x - m) ** 2).mean(-1, keepdims=True)
    return (x - m) / np.sqrt(v + 1e-5) * d(name + ".weight") + d(name + ".bias")
def linear(x, name): return x @ d(name + ".weight") + d(name + ".bias")
def gelu(x): return 0.5 * x * (1 + np.tanh(np.sqrt(2 / np.pi) * (x + 0.044715 * x ** 3)))
def attention(x, p):
    q, k, v = np.split(linear(x, p + "attn.c_attn"), 3, axis=-1)
    size = H // HEADS; out = np.zeros_like(x)
    for h in range(HEADS):
        s = slice(h * size, (h + 1) * size)
        a = q[:, s] @ k[:, s].T / np.sqrt(size)
        a = np.where(np.tril(np.ones_like(a)) > 0, a, -np.inf)
        w = np.exp(a - a.max(-1, keepdims=True)); w /= w.sum(-1, keepdims=True)
        out[:, s] = w @ v[:, s]
    return linear(out, p + "attn.c_proj")
def forward(tokens):
    x = d("wte.weight")[tokens] + d("wpe.weight")[: len(tokens)]
    for n in range(N):
        p = f"h.{n}."
        x = x + attention(ln(x, p + "ln_1"), p)
        x = x + linear(gelu(linear(ln(x, p + "ln_2"), p + "mlp.c_fc")), p + "mlp.c_proj")
    return ln(x, "ln_f") @ d("wte.weight").T

tokens = [0, 72, 112, 108, 32, 111, 96]
logits = forward(tokens)
header, offset, data = {}, 0, b""
for name, value in t.items():
    raw = value.tobytes()
    header["transformer." + name] = {"dtype": "F32", "shape": list(value.shape), "data_offsets": [offset, offset + len(raw)]}
    offset += len(raw); data += raw
text = json.dumps(header).encode(); text += b" " * (-len(text) % 8)
open("model.safetensors", "wb").write(struct.pack("<Q", len(text)) + text + data)
json.dump({"model_type": "gpt2", "vocab_size": V, "n_embd": H, "n_positions": L, "n_layer": N, "n_head": HEADS,
           "activation_function": "gelu_new", "layer_norm_epsilon": 1e-5}, open("config.json", "w"))
json.dump({"tokens": tokens, "logits": [[round(float(v), 7) for v in row[::16]] for row in logits],
           "logSumExp": [float(np.log(np.exp(row).sum())) for row in logits]}, open("expected.json", "w"))
