"""Checkpoints: what window k+1 needs from window k, and the identity of the work that it belongs to.

A checkpoint is written behind its window's frames: one that is there means that the window is complete. The tail is kept in the very type
in which it was decoded, since 8-bit pictures would change every later window.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch

from .errors import FileRefused
from .files import write_whole
from .headers import CHECKPOINT, heading, read_own
from .loop import Carry
from .safetensors import Header, read_tensor, write
from .windows import SHARED

TAIL = "tail"
GENERATOR = "generator"
TAIL_TYPES = ("BF16", "F16", "F32")


def save(
    path: Path, prefix: str, carry: Carry, window: int, parent: str | None, frames_sha256: str,
    identity: dict[str, Any], settings: dict[str, Any],
) -> None:  # fmt: skip
    """Writes a window's checkpoint.

    parent: the SHA-256 of the checkpoint of the window before; settings: how it was made, where that is not part of the identity.
    """
    about = heading(CHECKPOINT, prefix, window=window, parent=parent, frames_sha256=frames_sha256, identity=identity, settings=settings)
    write_whole(path, lambda stream: write(stream, about, {TAIL: carry.tail, GENERATOR: carry.generator}))


def load(path: Path, name: str, window: int, identity: dict[str, Any]) -> tuple[Carry, dict[str, Any]]:
    """Reads the checkpoint of a window, and what its header says; one of another window or of other work is refused."""
    with path.open("rb") as stream:
        header, about = read_own(stream, name, CHECKPOINT)
        if about.get("window") != window:
            raise FileRefused(f"{name} is the checkpoint of window {about.get('window')} and not of window {window}.")
        _demand(identity, about.get("identity"), name)
        _demand_tail(header, name, identity)
        carry = Carry(read_tensor(stream, header, TAIL), read_tensor(stream, header, GENERATOR))
    if not torch.isfinite(carry.tail).all():
        raise FileRefused(f"{name} has a tail with values that are no numbers.")
    return carry, about


def _demand_tail(header: Header, name: str, identity: dict[str, Any]) -> None:
    tail, generator = header.entry(TAIL), header.entry(GENERATOR)
    size = (identity["height"], identity["width"])
    if tail.dtype not in TAIL_TYPES or tail.shape != (3, SHARED, *size):
        raise FileRefused(f"{name} has no tail of {SHARED} frames of {size[1]}x{size[0]}, but {tail.dtype} {list(tail.shape)}.")
    if generator.dtype != "U8" or generator.shape != tuple(torch.Generator().get_state().shape):
        raise FileRefused(f"{name} has no state of this PyTorch's random generator.")


def _demand(wanted: dict[str, Any], found: Any, name: str) -> None:
    if not isinstance(found, dict):
        raise FileRefused(f"{name} does not say what work it belongs to.")
    for key in sorted({*wanted, *found}):
        if wanted.get(key) != found.get(key):
            raise FileRefused(f"{name} belongs to other work: its {key} is {found.get(key)!r} and not {wanted.get(key)!r}.")
