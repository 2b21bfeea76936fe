"""Samples a piece: finds the windows that are whole already, drives the wrapper through the others, and stores each as it is decoded."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import torch

from . import checkpoint, frames, host, wrapper
from .conditioning import AudioRows
from .errors import FileRefused
from .files import Place, StoredFile, digest
from .loop import Carry, WindowLoop, local_rows
from .windows import Piece


@dataclass(frozen=True)
class Parent:
    """What a window grows from: what the one before left, and the digest of its checkpoint."""

    carry: Carry
    sha256: str


@dataclass(frozen=True)
class Work:
    """What every window of a piece is made from.

    options: the sampler's settings by the wrapper's names; settings: what the headers tell beside the identity.
    """

    model: Any
    image: Mapping[str, Any]
    texts: Mapping[str, Any]
    audio: AudioRows
    options: Mapping[str, Any]
    identity: dict[str, Any]
    settings: dict[str, Any]


def read_parent(name: str, first: int, identity: dict[str, Any]) -> Parent | None:
    """The checkpoint that the first window grows from; None for window 0, which grows from the portrait."""
    if first == 0:
        if name:
            raise ValueError("Window 0 starts from the portrait: checkpoint_in must be empty.")
        return None
    if not name:
        raise ValueError(f"Window {first} needs the checkpoint of window {first - 1} as checkpoint_in.")
    path = host.require_file(name)
    carry, _ = checkpoint.load(path, name, first - 1, identity)
    return Parent(carry, digest(path))


class PieceSampler:
    """Samples the windows of one piece; a window depends on earlier ones only through the checkpoint that it is given."""

    def __init__(self, work: Work, prefix: str, told: Callable[[int, list[StoredFile]], None]) -> None:
        self._work, self._prefix, self._told = work, prefix, told
        self._place: Place
        self._files: list[StoredFile] = []
        self._parent: Parent | None = None

    def sample(self, piece: Piece, parent: Parent | None, place: Place) -> list[StoredFile]:
        """Makes every window's frames and checkpoint, or finds them whole from an earlier time.

        told: hears of each window when its files are whole, before the next one is begun; an interrupt is looked at after that.
        """
        self._place, self._parent, self._files = place, parent, []
        for found, grown in self._whole_windows(piece):
            self._parent = grown
            self._tell(piece.first, found)
            piece = replace(piece, first=piece.first + 1, count=piece.count - 1)
        if piece.count > 0:
            self._drive(piece)
        return self._files

    def _drive(self, piece: Piece) -> None:
        work, audio = self._work, self._work.audio
        sampler = wrapper.find()
        assert sampler is not None
        before = self._parent.carry if self._parent else None
        loops: list[WindowLoop] = []

        def make(loop: Callable[..., Any]) -> WindowLoop:
            loops.append(WindowLoop(loop, piece, before, self._store))
            return loops[0]

        embeds = {
            "audio_features": [local_rows(audio.rows, audio.first_frame, piece)],
            "audio_scale": audio.audio_scale,
            "audio_cfg_scale": audio.audio_cfg_scale,
            "ref_target_masks": None,
        }
        try:
            with wrapper.replaced_loop(sampler, make):
                sampler().process(  # type: ignore[attr-defined]
                    model=work.model, image_embeds=dict(work.image), text_embeds=dict(work.texts), multitalk_embeds=embeds, **work.options
                )
        finally:
            # The loop is left while the VAE is still where it decoded.
            work.image["vae"].to(host.offload_device())
        if not loops[0].finished:
            raise RuntimeError("The wrapper's sampler ended without entering its window loop.")

    def _store(self, window: int, decoded: torch.Tensor, carry: Carry) -> None:
        frames.check(decoded, window)
        frames_path, checkpoint_path = self._paths(window)
        frames.write(decoded, frames_path)
        pictures = StoredFile.of("frames", frames_path, self._place.subfolder, window)
        parent = self._parent.sha256 if self._parent else None
        work = self._work
        checkpoint.save(checkpoint_path, self._prefix, carry, window, parent, pictures.sha256, work.identity, work.settings)
        stored = StoredFile.of("checkpoint", checkpoint_path, self._place.subfolder, window)
        self._parent = Parent(carry, stored.sha256)
        self._tell(window, [pictures, stored])

    def _whole_windows(self, piece: Piece) -> Iterator[tuple[list[StoredFile], Parent]]:
        for window in range(piece.first, piece.first + piece.count):
            found = self._find(window)
            if found is None:
                return
            yield found

    def _find(self, window: int) -> tuple[list[StoredFile], Parent] | None:
        """A window that is whole and of the same work, grown from the same checkpoint; None for any other."""
        frames_path, checkpoint_path = self._paths(window)
        if not frames_path.is_file() or not checkpoint_path.is_file():
            return None
        try:
            carry, about = checkpoint.load(checkpoint_path, checkpoint_path.name, window, self._work.identity)
        except FileRefused:
            return None
        pictures = StoredFile.of("frames", frames_path, self._place.subfolder, window)
        if about.get("parent") != (self._parent.sha256 if self._parent else None) or about.get("frames_sha256") != pictures.sha256:
            return None
        stored = StoredFile.of("checkpoint", checkpoint_path, self._place.subfolder, window)
        return [pictures, stored], Parent(carry, stored.sha256)

    def _paths(self, window: int) -> tuple[Path, Path]:
        name = f"{self._place.stem}-{window:04d}"
        return self._place.folder / f"{name}.mkv", self._place.folder / f"{name}.checkpoint.safetensors"

    def _tell(self, window: int, stored: list[StoredFile]) -> None:
        self._files += stored
        self._told(window, stored)
        host.raise_if_interrupted()
