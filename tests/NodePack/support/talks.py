"""Talks to be sampled, and the two ways to sample one: uncut by the wrapper alone, and cut by the pack, through files."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from support.tiny import TinyVae, patcher
from wantalk import checkpoint, wrapper
from wantalk.files import digest
from wantalk.loop import Carry, WindowLoop, local_rows
from wantalk.windows import FRAMES, NEIGHBOURS, SHARED, Piece, window_count

SIZE = 16
IDENTITY = {"width": SIZE, "height": SIZE}


@dataclass(frozen=True)
class Talk:
    """What a talk is sampled from. ``frames`` is the length of its audio embedding."""

    frames: int
    scheduler: str = "flowmatch_distill"
    dtype: torch.dtype = torch.float32
    prompts: int = 1
    layers: int = 2
    dimensions: int = 8
    seed: int = 7
    cfg: float = 1.0
    audio_cfg: float = 1.0
    offload: bool = False

    @property
    def windows(self) -> int:
        return window_count(self.frames)

    def random(self, seed: int, *shape: int) -> torch.Tensor:
        return torch.randn(*shape, generator=torch.Generator().manual_seed(seed))

    def rows(self) -> torch.Tensor:
        return self.random(10, self.frames, self.layers, self.dimensions).half()

    def texts(self) -> dict[str, Any]:
        prompts = [self.random(20 + index, 6, 24).to(self.dtype) for index in range(self.prompts)]
        return {"prompt_embeds": prompts, "negative_prompt_embeds": [self.random(30, 6, 24).to(self.dtype)], "echoshot": False}

    def image(self, vae: TinyVae) -> dict[str, Any]:
        start = self.random(40, 1, 3, 1, SIZE, SIZE).clamp(-1, 1)
        return {
            "multitalk_sampling": True, "multitalk_start_image": start, "frame_window_size": FRAMES, "motion_frame": SHARED,
            "target_h": SIZE, "target_w": SIZE, "tiled_vae": False, "force_offload": self.offload, "vae": vae,
            "target_shape": (16, (FRAMES - 1) // 4 + 1, SIZE // 8, SIZE // 8), "clip_context": self.random(50, 1, 5, 24),
            "colormatch": "disabled", "multitalk_mode": "infinitetalk", "output_path": "",
        }  # fmt: skip

    def options(self) -> dict[str, Any]:
        return {
            "steps": 4, "cfg": self.cfg, "shift": 11.0, "seed": self.seed, "force_offload": True, "scheduler": self.scheduler,
            "riflex_freq_index": 0, "batched_cfg": False, "rope_function": "comfy",
        }  # fmt: skip


@dataclass(frozen=True)
class Result:
    """frames: [3, n, height, width], as the wrapper would return them; tails: what each window left."""

    frames: torch.Tensor
    tails: list[torch.Tensor]

    def equals(self, other: Result) -> bool:
        return (
            torch.equal(self.frames, other.frames)
            and len(self.tails) == len(other.tails)
            and all(map(torch.equal, self.tails, other.tails))
        )


def process(sampler: type, talk: Talk, vae: TinyVae, rows: torch.Tensor) -> Any:
    """Calls the wrapper's sampler."""
    embeds = {"audio_features": [rows], "audio_scale": 1.0, "audio_cfg_scale": talk.audio_cfg, "ref_target_masks": None}
    model = patcher(talk.dtype, talk.layers, talk.dimensions)
    with torch.inference_mode():
        return sampler().process(  # type: ignore[attr-defined]
            model=model, image_embeds=talk.image(vae), text_embeds=talk.texts(), multitalk_embeds=embeds, **talk.options()
        )


def sample_uncut(sampler: type, talk: Talk) -> Result:
    """Samples a talk with the wrapper alone."""
    vae = TinyVae(talk.dtype)
    video = process(sampler, talk, vae, talk.rows())[0]["video"]
    return Result(video.permute(3, 0, 1, 2), [frames[:, -SHARED:] for frames in vae.decoded])


def sample_cut(sampler: type, talk: Talk, counts: list[int], folder: Path, spoil: Any = None) -> Result:
    """Samples a talk piece by piece; what a piece needs of the one before, and of the audio, it has from files and slices.

    spoil: changes what is read from the checkpoint before a piece.
    """
    kept: list[torch.Tensor] = []
    tails: list[torch.Tensor] = []
    first, index = 0, 0
    while first < talk.windows:
        piece = Piece(first, min(counts[index % len(counts)], talk.windows - first), talk.frames)
        before = checkpoint.load(folder / f"{first - 1}", "checkpoint", first - 1, IDENTITY)[0] if first else None
        before = spoil(before) if spoil and before else before
        for window, frames, carry in _sample_piece(sampler, talk, piece, before):
            kept.append(frames if window == 0 else frames[:, SHARED:])
            tails.append(carry.tail)
            parent = digest(folder / f"{window - 1}") if window else None
            checkpoint.save(folder / f"{window}", "wantalk/t/w", carry, window, parent, "", IDENTITY, {})
        first, index = first + piece.count, index + 1
    return Result(torch.cat(kept, dim=1), tails)


def _sample_piece(sampler: type, talk: Talk, piece: Piece, before: Carry | None) -> list[tuple[int, torch.Tensor, Carry]]:
    taken: list[tuple[int, torch.Tensor, Carry]] = []
    slice_start = max(0, piece.rows_start)
    slice_rows = talk.rows()[slice_start : min(talk.frames, piece.end + NEIGHBOURS)]
    with wrapper.replaced_loop(sampler, lambda loop: WindowLoop(loop, piece, before, lambda *window: taken.append(window))):
        process(sampler, talk, TinyVae(talk.dtype), local_rows(slice_rows, slice_start, piece))
    return taken
