"""The wrapper's real code, where WANTALK_WRAPPER_PATH names a folder with its sources (they are no part of this project).

Its sampler's module is imported as it is. What its imports need and this machine lacks (model code, other packages) is stood in for by
modules that agree to everything and compute nothing; the sampler, its window loop and its schedulers are the real ones.
"""

from __future__ import annotations

import enum
import importlib
import importlib.abc
import importlib.machinery
import importlib.util
import logging
import os
import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import torch
from support import diffusers_parts

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


class _NoBar:
    """A progress bar that shows nothing."""

    def __init__(self, iterable: Any = (), **_: Any) -> None:
        self._iterable = iterable

    def __iter__(self) -> Any:
        return iter(self._iterable)

    def update(self, _: int) -> None:
        pass

    def close(self) -> None:
        pass


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


FOREIGN = set(
    "comfy comfy_api latent_preview diffusers accelerate einops gguf peft transformers safetensors PIL tqdm scipy cv2 torchvision ftfy"
    " pyloudnorm".split()
)
"""Packages whose missing modules are stood in for."""


MODEL_CODE = (
    "custom_linear gguf gguf.gguf gguf.gguf_utils nodes_model_loading HuMo HuMo.nodes WanMove WanMove.trajectory enhance_a_video"
    " enhance_a_video.globals wanvideo.modules wanvideo.modules.model wanvideo.modules.attention".split()
)
"""The wrapper's own modules for models that are not here; with a tiny model the sampler has nothing to compute from them."""


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
        logging.getLogger(f"{PACKAGE}.utils").setLevel(logging.CRITICAL)
        sys.modules[PACKAGE] = package
        sys.modules.update({f"{PACKAGE}.{name}": _EmptyModule(f"{PACKAGE}.{name}") for name in MODEL_CODE})
    module = importlib.import_module(f"{PACKAGE}.nodes_sampler")
    return module.WanVideoSampler


def _prepare() -> None:
    sys.meta_path.append(_Finder())
    import comfy

    # A package whose folder holds but one module: the others are found by the finder.
    comfy.utils = importlib.import_module("comfy.utils")
    comfy.utils.load_torch_file = _load_silence
    comfy.utils.ProgressBar = type("ProgressBar", (_Anything,), {})
    arguments = importlib.import_module("comfy.cli_args")
    arguments.LatentPreviewMethod = enum.Enum("LatentPreviewMethod", "NoPreviews Auto Latent2RGB TAESD")
    arguments.args = SimpleNamespace(preview_method=arguments.LatentPreviewMethod.NoPreviews, preview_size=512)
    for name in ("float8_e4m3fn", "float8_e5m2"):
        if not hasattr(torch, name):
            setattr(torch, name, name)
    importlib.import_module("tqdm").tqdm = _NoBar
    diffusers = ("configuration_utils", "schedulers", "schedulers.scheduling_utils", "utils", "utils.torch_utils")
    diffusers_parts.put_into({name: importlib.import_module(name) for name in (f"diffusers.{part}" for part in diffusers)})
    if not hasattr(torch, "compiler"):
        torch.compiler = _Anything()


def _load_silence(file: str, **_: Any) -> dict[str, torch.Tensor]:
    """Reads safetensors with the pack's own module; foreign files have no metadata of ours, and need none."""
    from wantalk.safetensors import read_header, read_tensor

    with open(file, "rb") as stream:
        header = read_header(stream)
        return {name: read_tensor(stream, header, name) for name in header.entries}
