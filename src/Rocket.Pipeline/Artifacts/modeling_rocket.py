"""Runs an artifact of Rocket on plain PyTorch with transformers 4.

    model = AutoModelForCausalLM.from_pretrained(folder, trust_remote_code=True)

Every factored linear W of the model is y = C (D x) + b: D is the dictionary [k, d_in], absent in the
sparse and in the dense form, and C [d_out, k] has the stored values where the bits of the mask are set,
or everywhere where there is no mask. Quantised values are codes in a stream of bits: a value is
scale * (code - zero), with a scale and a zero point for every group of columns of a row.
"""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import torch
import transformers
from safetensors.torch import load_file
from torch import nn
from torch.nn import functional as F

INDEX = "model.safetensors.index.json"
DTYPES = {"BF16": "bfloat16", "F16": "float16", "F32": "float32"}


def tensor_shapes(linear: dict[str, Any]) -> dict[str, tuple[int, ...]]:
    """Names (behind the linear's own) and shapes of the tensors that hold a factored linear."""
    shapes: dict[str, tuple[int, ...]] = {}
    if linear["form"] == "dictionary":
        shapes["dictionary"] = (linear["k"], linear["d_in"])
    if linear["form"] != "dense":
        shapes["mask"] = (linear["d_out"], (linear["k"] + 7) // 8)
    shapes["values"] = (linear["nnz"],)
    if "bits" in linear:
        for codes, prefix, rows, columns in matrices(linear):
            groups = -(-columns // linear["group_size"])
            shapes[codes] = (stream_length(math.prod(shapes[codes]), linear["bits"]),)
            shapes[prefix + "scale"] = (rows, groups)
            shapes[prefix + "zero"] = (stream_length(rows * groups, linear["bits"]),)
    return shapes


def matrices(linear: dict[str, Any]) -> list[tuple[str, str, int, int]]:
    """The matrices of a linear: name of the elements, what the names of scale and zero point begin with, rows, columns."""
    values = ("values", "", linear["d_out"], linear["k"])
    return [("dictionary", "dictionary_", linear["k"], linear["d_in"]), values] if linear["form"] == "dictionary" else [values]


def stream_length(count: int, bits: int) -> int:
    """Bytes of so many codes."""
    return (count * bits + 7) // 8


def unpack(stream: torch.Tensor, count: int, bits: int) -> torch.Tensor:
    """The codes of a stream, each in so many bits, the least significant bit first."""
    # Eight codes lie in every so many bytes; the byte behind them is there to be read, not to be used.
    eights = F.pad(F.pad(stream, (0, -stream.numel() % bits)).view(-1, bits), (0, 1)).int()
    codes = []
    for bit in range(0, 8 * bits, bits):
        pair = eights[:, bit // 8] + eights[:, bit // 8 + 1] * 256
        codes.append((pair >> bit % 8) & (2**bits - 1))
    return torch.stack(codes, dim=1).flatten()[:count]


def stored(mask: torch.Tensor, k: int) -> torch.Tensor:
    """Which coefficients a mask marks, [d_out, k]."""
    places = torch.arange(8, dtype=torch.uint8, device=mask.device)
    return ((mask.unsqueeze(-1) >> places) & 1).flatten(1)[:, :k].bool()


def dequantize(key: str, linear: dict[str, Any], tensors: dict[str, torch.Tensor]) -> None:
    """Puts float32 values in the place of a linear's codes, scales and zero points."""
    bits, size = linear["bits"], linear["group_size"]
    for name, prefix, rows, columns in matrices(linear):
        scale = tensors.pop(f"{key}.{prefix}scale").float()
        zero = unpack(tensors.pop(f"{key}.{prefix}zero"), scale.numel(), bits).view_as(scale)
        scale, zero = (group.repeat_interleave(size, dim=1)[:, :columns] for group in (scale, zero))
        if name == "values" and linear["form"] != "dense":
            places = stored(tensors[f"{key}.mask"], columns)
            scale, zero = scale[places], zero[places]
        codes = unpack(tensors[f"{key}.{name}"], scale.numel(), bits).view_as(scale)
        values = scale * (codes - zero)
        tensors[f"{key}.{name}"] = values.flatten() if name == "values" else values


class RocketLinear(nn.Module):
    """A factored linear. Its coefficients are unpacked at the first use and kept."""

    def __init__(self, linear: dict[str, Any], bias: bool) -> None:
        super().__init__()
        dtype = torch.float32 if "bits" in linear else getattr(torch, DTYPES[linear["dtype"]])
        rows, self.k = linear["d_out"], linear["k"]
        self.has_dictionary: bool = linear["form"] == "dictionary"
        self.has_mask: bool = linear["form"] != "dense"
        if self.has_dictionary:
            self.dictionary = nn.Parameter(torch.empty((self.k, linear["d_in"]), dtype=dtype), requires_grad=False)
        if self.has_mask:
            self.register_buffer("mask", torch.zeros((rows, (self.k + 7) // 8), dtype=torch.uint8))
        self.values = nn.Parameter(torch.empty(linear["nnz"], dtype=dtype), requires_grad=False)
        self.bias = nn.Parameter(torch.zeros(linear["d_out"], dtype=dtype), requires_grad=False) if bias else None
        self.unpacked: torch.Tensor | None = None

    def coefficients(self) -> torch.Tensor:
        """C [d_out, k], zeros included."""
        if not self.has_mask:
            return self.values.view(-1, self.k)
        if self.unpacked is None or self.unpacked.device != self.values.device or self.unpacked.dtype != self.values.dtype:
            places = stored(self.mask, self.k)
            dense = torch.zeros(places.shape, dtype=self.values.dtype, device=self.values.device)
            dense[places] = self.values.detach()
            self.unpacked = dense
        return self.unpacked

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        z = F.linear(x, self.dictionary) if self.has_dictionary else x
        return F.linear(z, self.coefficients(), self.bias)


class RocketFused(nn.ModuleList):
    """A fused linear whose parts are stored one by one: their outputs stand side by side."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.cat([part(x) for part in self], dim=-1)


def load_tensors(folder: Path) -> dict[str, torch.Tensor]:
    """All tensors of a model folder."""
    index = folder / INDEX
    if not index.exists():
        return load_file(str(folder / "model.safetensors"))
    tensors: dict[str, torch.Tensor] = {}
    for name in sorted(set(json.loads(index.read_text(encoding="utf-8"))["weight_map"].values())):
        tensors.update(load_file(str(folder / name)))
    return tensors


def replace_linears(model: nn.Module, linears: dict[str, Any], tensors: dict[str, torch.Tensor]) -> None:
    """Puts a RocketLinear in place of every linear that is factored; an embedding's codes become its weight."""
    modules = dict(model.named_modules())
    fused: dict[str, list[nn.Module]] = {}
    for key in sorted(linears):
        if "bits" in linears[key]:
            dequantize(key, linears[key], tensors)
        if isinstance(modules.get(key), nn.Embedding):
            tensors[f"{key}.weight"] = tensors.pop(f"{key}.values").view(linears[key]["d_out"], -1)
            continue
        if key in modules:
            put(model, key, RocketLinear(linears[key], modules[key].bias is not None))
            continue
        name = key.rpartition(".")[0]
        if name not in modules:
            raise ValueError(f"{key} is no module of {type(model).__name__}; this file is written for transformers 4")
        fused.setdefault(name, [])
    for name, parts in fused.items():
        while f"{name}.{len(parts)}" in linears or f"{name}.{len(parts)}.weight" in tensors:
            key = f"{name}.{len(parts)}"
            parts.append(RocketLinear(linears[key], False) if key in linears else dense_part(tensors[key + ".weight"]))
        put(model, name, RocketFused(parts))


def dense_part(weight: torch.Tensor) -> nn.Linear:
    """A part of a fused linear that was left as it was."""
    return nn.Linear(weight.shape[1], weight.shape[0], bias=False, dtype=weight.dtype)


def put(model: nn.Module, name: str, module: nn.Module) -> None:
    """Replaces a module."""
    parent, _, own = name.rpartition(".")
    setattr(model.get_submodule(parent), own, module)


class RocketForCausalLM:
    """What config.json's auto_map names: makes the model of the source's architecture with factored linears."""

    @classmethod
    def from_pretrained(cls, pretrained_model_name_or_path: str, *_: Any, config: Any = None, **kwargs: Any) -> nn.Module:
        """Loads an artifact from a folder; takes ``torch_dtype`` (or ``dtype``) and ignores other options."""
        folder = Path(pretrained_model_name_or_path)
        config = config or transformers.AutoConfig.from_pretrained(str(folder))
        dtype = kwargs.get("dtype", kwargs.get("torch_dtype"))
        dtype = getattr(torch, dtype, None) if isinstance(dtype, str) else dtype
        dtype = dtype or getattr(config, "torch_dtype", None) or torch.float32
        model = getattr(transformers, config.architectures[0])(config).to(dtype)
        tensors = load_tensors(folder)
        replace_linears(model, config.rocket["linears"], tensors)
        missing, unexpected = model.load_state_dict(tensors, strict=False)
        model.tie_weights()
        tied = set(getattr(model, "_tied_weights_keys", None) or [])
        if unexpected or set(missing) - tied:
            raise ValueError(f"the weights do not fit the model: missing {missing}, unexpected {unexpected}")
        return model.to(dtype).eval()
