"""The few parts of the diffusers package that the wrapper's schedulers call, with the same meaning: config, outputs, noise."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from types import ModuleType
from typing import Any

import torch


class Config(dict):
    """Settings by name, as attributes too."""

    def __getattr__(self, name: str) -> Any:
        try:
            return self[name]
        except KeyError as error:
            raise AttributeError(name) from error


class ConfigMixin:
    """Has settings."""

    config = Config()

    def register_to_config(self, **settings: Any) -> None:
        self.config = Config({**self.config, **settings})


class SchedulerMixin:
    """Marks a scheduler."""


class Output:
    """A result with named parts that are counted too; annotated names are its parts."""

    def __init__(self, **parts: Any) -> None:
        self.__dict__.update(parts)

    def __getitem__(self, index: int) -> Any:
        return list(self.__dict__.values())[index]


def register_to_config(init: Callable[..., None]) -> Callable[..., None]:
    """Keeps what a constructor is called with."""

    @functools.wraps(init)
    def wrapped(self: ConfigMixin, *args: Any, **kwargs: Any) -> None:
        bound = inspect.signature(init).bind(self, *args, **kwargs)
        bound.apply_defaults()
        self.register_to_config(**{name: value for name, value in bound.arguments.items() if name != "self"})
        init(self, *args, **kwargs)

    return wrapped


def randn_tensor(
    shape: Any, generator: torch.Generator | None = None, device: Any = None, dtype: torch.dtype | None = None
) -> torch.Tensor:
    """Noise from a CPU generator."""
    return torch.randn(tuple(shape), generator=generator, dtype=dtype).to(device or "cpu")


def put_into(modules: dict[str, ModuleType]) -> None:
    """Gives the stood-in modules of diffusers these parts."""
    parts: dict[str, dict[str, Any]] = {
        "diffusers.configuration_utils": {"ConfigMixin": ConfigMixin, "register_to_config": register_to_config},
        "diffusers.schedulers.scheduling_utils": {
            "SchedulerMixin": SchedulerMixin, "SchedulerOutput": Output, "KarrasDiffusionSchedulers": [],
        },
        "diffusers.utils": {"BaseOutput": Output, "is_scipy_available": lambda: False, "deprecate": lambda *args, **kwargs: None},
        "diffusers.utils.torch_utils": {"randn_tensor": randn_tensor},
    }  # fmt: skip
    for name, values in parts.items():
        for key, value in values.items():
            setattr(modules[name], key, value)
