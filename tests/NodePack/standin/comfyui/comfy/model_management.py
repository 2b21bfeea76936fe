"""ComfyUI's devices and interrupts on a machine without a GPU."""

from __future__ import annotations

import torch


class InterruptProcessingException(Exception):
    """Somebody interrupted the prompt."""


interrupted = False


def interrupt() -> None:
    """What ``POST /interrupt`` does."""
    global interrupted
    interrupted = True


def throw_exception_if_processing_interrupted() -> None:
    global interrupted
    if interrupted:
        interrupted = False
        raise InterruptProcessingException


def get_torch_device() -> torch.device:
    return torch.device("cpu")


def unet_offload_device() -> torch.device:
    return torch.device("cpu")


def get_autocast_device(device: torch.device) -> str:
    return device.type


def get_total_memory(device: torch.device) -> int:
    return 1 << 30


def soft_empty_cache(force: bool = False) -> None:
    pass


def unload_all_models() -> None:
    pass


def __getattr__(name: str) -> object:
    if name.startswith("__"):
        raise AttributeError(name)
    return lambda *args, **kwargs: None
