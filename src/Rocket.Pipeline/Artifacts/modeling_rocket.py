"""Runs an artifact of Rocket on plain PyTorch with transformers 4.

    model = AutoModelForCausalLM.from_pretrained(folder, trust_remote_code=True)

Every factored linear W of the model is y = C (D x) + b: D is the dictionary [k, d_in], absent in the
sparse form, and C [d_out, k] has the stored values where the bits of the mask are set.
"""

from __future__ import annotations

import json
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
    shapes["mask"] = (linear["d_out"], (linear["k"] + 7) // 8)
    shapes["values"] = (linear["nnz"],)
    return shapes


class RocketLinear(nn.Module):
    """A factored linear. Its coefficients are unpacked at the first use and kept."""

    def __init__(self, linear: dict[str, Any], bias: bool) -> None:
        super().__init__()
        dtype = getattr(torch, DTYPES[linear["dtype"]])
        shapes = tensor_shapes(linear)
        self.k: int = linear["k"]
        self.has_dictionary = "dictionary" in shapes
        if self.has_dictionary:
            self.dictionary = nn.Parameter(torch.empty(shapes["dictionary"], dtype=dtype), requires_grad=False)
        self.register_buffer("mask", torch.zeros(shapes["mask"], dtype=torch.uint8))
        self.values = nn.Parameter(torch.empty(shapes["values"], dtype=dtype), requires_grad=False)
        self.bias = nn.Parameter(torch.zeros(linear["d_out"], dtype=dtype), requires_grad=False) if bias else None
        self.unpacked: torch.Tensor | None = None

    def coefficients(self) -> torch.Tensor:
        """C [d_out, k], zeros included."""
        if self.unpacked is None or self.unpacked.device != self.values.device or self.unpacked.dtype != self.values.dtype:
            places = torch.arange(8, dtype=torch.uint8, device=self.mask.device)
            bits = ((self.mask.unsqueeze(-1) >> places) & 1).flatten(1)[:, : self.k].bool()
            dense = torch.zeros(bits.shape, dtype=self.values.dtype, device=self.values.device)
            dense[bits] = self.values.detach()
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
    """Puts a RocketLinear in place of every linear that is factored."""
    modules = dict(model.named_modules())
    fused: dict[str, list[nn.Module]] = {}
    for key in sorted(linears):
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
