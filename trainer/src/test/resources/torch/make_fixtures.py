"""Writes the files that torch.save writes, with Python's own pickle and zip modules.

PyTorch is not needed: stand-ins for its classes carry their names, and its pickler's persistent
ids for storages are made in the same way (torch/serialization.py, the zip format of 1.6 and newer).

    python3 make_fixtures.py GOLDEN_MODEL_FOLDER OUTPUT_FOLDER
"""

import io
import json
import pickle
import struct
import sys
import types
import zipfile
from collections import OrderedDict
from pathlib import Path


def named(module, name, base=object):
    return type(name, (base,), {"__module__": module})


torch = types.ModuleType("torch")
utils = types.ModuleType("torch._utils")
sys.modules.update({"torch": torch, "torch._utils": utils})
for kind in ("Float", "Long"):
    setattr(torch, kind + "Storage", named("torch", kind + "Storage"))


def rebuild(*arguments):
    raise NotImplementedError


rebuild.__module__, rebuild.__name__, rebuild.__qualname__ = "torch._utils", "_rebuild_tensor_v2", "_rebuild_tensor_v2"
utils._rebuild_tensor_v2 = rebuild


class Storage:
    def __init__(self, kind, data, count):
        self.kind, self.data, self.count = kind, data, count


class Tensor:
    def __init__(self, storage, shape, strides=None, offset=0):
        self.storage, self.shape, self.offset = storage, tuple(shape), offset
        if strides is None:
            strides, step = [], 1
            for size in reversed(self.shape):
                strides.insert(0, step)
                step *= size
        self.strides = tuple(strides)

    def __reduce_ex__(self, protocol):
        return (rebuild, (self.storage, self.offset, self.shape, self.strides, False, OrderedDict()))


def save(value, path):
    storages, body = {}, io.BytesIO()

    class Pickler(pickle.Pickler):
        def persistent_id(self, item):
            if isinstance(item, Storage):
                key = storages.setdefault(id(item), (str(len(storages)), item))[0]
                return ("storage", getattr(torch, item.kind + "Storage"), key, "cuda:0", item.count)
            return None

    Pickler(body, protocol=2).dump(value)
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("archive/data.pkl", body.getvalue())
        archive.writestr("archive/byteorder", "little")
        for key, item in storages.values():
            archive.writestr("archive/data/" + key, item.data)
        archive.writestr("archive/version", "3\n")


def read_safetensors(path):
    data = path.read_bytes()
    (length,) = struct.unpack("<Q", data[:8])
    for name, entry in json.loads(data[8 : 8 + length]).items():
        if name != "__metadata__":
            begin, end = (8 + length + place for place in entry["data_offsets"])
            yield name, entry["shape"], data[begin:end]


def floats(data, add=0.0):
    numbers = struct.unpack("<%df" % (len(data) // 4), data)
    return struct.pack("<%df" % len(numbers), *(number + add for number in numbers))


def state_dict(tensors):
    """As a module's: with the attribute that holds the versions of its parts."""
    state = OrderedDict(tensors)
    state._metadata = OrderedDict([("", {"version": 1})])
    return state


def main(golden, out):
    tensors = list(read_safetensors(golden / "model.safetensors"))
    # the official module registers its buffer among the parameters, and the blocks in their order
    wanted = {name: (shape, data) for name, shape, data in tensors}
    order = ["vocab_embed.embedding"]
    order += sorted(n for n in wanted if n.startswith("sigma_map"))
    order += ["rotary_emb.inv_freq"]
    order += sorted(n for n in wanted if n.startswith("blocks."))
    order += sorted(n for n in wanted if n.startswith("output_layer"))
    assert sorted(order) == sorted(wanted)

    def tensor(name, add=0.0):
        shape, data = wanted[name]
        return Tensor(Storage("Float", floats(data, add), len(data) // 4), shape)

    raw = state_dict((name, tensor(name, 0.25)) for name in order)
    shadow = [tensor(name) for name in order if name != "rotary_emb.inv_freq"]
    step = Tensor(Storage("Long", struct.pack("<q", 1234), 1), ())
    optimizer = {"state": {0: {"step": step}}, "param_groups": [{"lr": 3e-4, "betas": (0.9, 0.999), "maximize": False, "params": [0]}]}
    ema = {"decay": 0.9999, "num_updates": 1234, "shadow_params": shadow}
    save({"optimizer": optimizer, "model": raw, "ema": ema, "step": 1234}, out / "run/checkpoints-meta/checkpoint.pth")

    # YAML is a superset of JSON
    hydra = out / "run/.hydra/config.yaml"
    hydra.parent.mkdir(parents=True, exist_ok=True)
    hydra.write_text((golden / "config.json").read_text())

    # the transpose of a transposed storage: strides that are not row-major
    shape, data = wanted["blocks.0.attn_out.weight"]
    rows, columns = shape
    numbers = struct.unpack("<%df" % (rows * columns), data)
    turned = struct.pack("<%df" % len(numbers), *(numbers[r * columns + c] for c in range(columns) for r in range(rows)))
    model = state_dict((name, tensor(name)) for name in order)
    model["blocks.0.attn_out.weight"] = Tensor(Storage("Float", turned, len(numbers)), shape, (1, rows))
    save(model, out / "bin/pytorch_model.bin")
    (out / "bin/config.json").write_text((golden / "config.json").read_text())


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
