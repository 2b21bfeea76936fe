"""The wrapper's real code, where WANTALK_WRAPPER_PATH names a folder with its sources (they are no part of this project).

Its sampler's module is imported as it is. What its imports need and this machine lacks (model code, other packages) is stood in for by modules
that agree to everything and compute nothing; the sampler, its window loop and its schedulers are the real ones.
"""

from __future__ import annotations

import importlib
import importlib.abc
import importlib.machinery
import importlib.util
import logging
import os
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import torch

VARIABLE = "WANTALK_WRAPPER_PATH"
PACKAGE = "the_wrapper"


class _Anything:
    """A value that can be called, entered, subclassed and asked for anything."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        pass

    def __init_subclass__(cls, **kwargs: Any) -> None:
        pass

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        # As a decorator it leaves what it decorates as it was.
        return args[0] if len(args) == 1 and callable(args[0]) and not kwargs else _Anything()

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _Anything()


class _EmptyModule(ModuleType):
    """A module that has every name: classes for names that begin with a capital letter, else values."""

    __path__: list[str] = []

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        made = type(name, (_Anything,), {}) if name[0].isupper() else _Anything()
        setattr(self, name, made)
        return made


class _Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds, after everything else has failed, any module but those of the wrapper's own that must be real."""

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> Any:
        return importlib.machinery.ModuleSpec(name, self, is_package=True) if name.split(".")[0] in FOREIGN else None

    def create_module(self, spec: Any) -> ModuleType:
        return _EmptyModule(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        pass


FOREIGN = {"comfy", "comfy_api", "latent_preview", "diffusers", "accelerate", "einops", "gguf", "peft", "transformers", "safetensors", "PIL", "tqdm",
           "scipy", "cv2", "matplotlib", "torchvision", "ftfy", "pyloudnorm"}  # fmt: skip
"""Packages whose missing modules are stood in for."""


def path() -> Path | None:
    """The folder with the wrapper's sources, if there is one."""
    named = os.environ.get(VARIABLE)
    return Path(named) if named else None


def load() -> type:
    """The wrapper's real WanVideoSampler."""
    root = path()
    assert root is not None
    if PACKAGE not in sys.modules:
        _prepare()
        # The package without its __init__, which registers nodes of models that are not here.
        package = ModuleType(PACKAGE)
        package.__path__ = [str(root)]
        sys.modules[PACKAGE] = package
    module = importlib.import_module(f"{PACKAGE}.nodes_sampler")
    logging.getLogger(f"{PACKAGE}.utils").setLevel(logging.ERROR)
    return module.WanVideoSampler


def _prepare() -> None:
    sys.meta_path.append(_Finder())
    import comfy

    # A package whose folder holds but one module: the others are found by the finder.
    comfy.utils = importlib.import_module("comfy.utils")
    comfy.utils.load_torch_file = _load_silence
    comfy.utils.ProgressBar = type("ProgressBar", (_Anything,), {})
    for name in ("float8_e4m3fn", "float8_e5m2"):
        if not hasattr(torch, name):
            setattr(torch, name, name)


def _load_silence(file: str, **_: Any) -> dict[str, torch.Tensor]:
    """Reads safetensors with the pack's own module; foreign files have no metadata of ours, and need none."""
    from wantalk.safetensors import read_header, read_tensor

    with open(file, "rb") as stream:
        header = read_header(stream)
        return {name: read_tensor(stream, header, name) for name in header.entries}
