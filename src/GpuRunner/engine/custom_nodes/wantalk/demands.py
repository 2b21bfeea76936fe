"""What must hold before a window is begun; said before weights are copied, since that takes longer than anything here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch

from .conditioning import AudioRows
from .errors import ConditioningInvalid
from .windows import FRAMES, SHARED, STRIDE, Piece

KNOWN_IMAGE_KEYS = {
    "multitalk_sampling", "multitalk_start_image", "frame_window_size", "motion_frame", "target_h", "target_w", "tiled_vae",
    "force_offload", "vae", "target_shape", "clip_context", "colormatch", "multitalk_mode", "output_path",
}  # fmt: skip


def check(options: Mapping[str, Any], image: Mapping[str, Any], audio: AudioRows, piece: Piece) -> None:
    """Checks a run of the sampler."""
    _check_image(image)
    if options["scheduler"] == "flowmatch_distill" and options["steps"] != 4:
        raise ValueError(f"flowmatch_distill needs 4 steps, not {options['steps']}.")
    _check_audio(audio, piece)


def _check_image(image: Mapping[str, Any]) -> None:
    if not image.get("multitalk_sampling") or image.get("multitalk_mode") != "infinitetalk":
        raise ValueError("image_embeds must come from WanVideoImageToVideoMultiTalk with mode infinitetalk.")
    if (image["frame_window_size"], image["motion_frame"]) != (FRAMES, SHARED):
        raise ValueError(
            f"Windows must have {FRAMES} frames and share {SHARED}, not {image['frame_window_size']} and {image['motion_frame']}."
        )
    if image.get("colormatch", "disabled") != "disabled":
        raise ValueError("colormatch must be disabled: it looks at frames that a resumed window does not have.")
    if image.get("output_path"):
        raise ValueError("output_path must be empty: this sampler writes the frames itself.")
    width, height, start = image["target_w"], image["target_h"], image.get("multitalk_start_image")
    if not isinstance(start, torch.Tensor) or tuple(start.shape) != (1, 3, 1, height, width):
        raise ValueError(f"start_image must be exactly one picture of {width}x{height}.")
    if width % 16 or height % 16:
        raise ValueError(f"The size must be a multiple of 16, not {width}x{height}.")
    others = [key for key, value in image.items() if key not in KNOWN_IMAGE_KEYS and (isinstance(value, torch.Tensor) or value)]
    if others:
        raise ValueError(f"image_embeds have {', '.join(others)}, with which windows cannot be sampled one by one.")


def _check_audio(audio: AudioRows, piece: Piece) -> None:
    total = audio.total_frames
    if total < FRAMES or (total - SHARED) % STRIDE:
        raise ConditioningInvalid(
            f"The audio conditioning has {total} frames, which are no whole windows; fit the audio with WanTalkFitAudio first."
        )
    if piece.end > total:
        raise ConditioningInvalid(f"Window {piece.first + piece.count - 1} ends at frame {piece.end}, but the talk has {total}.")
    held_end = audio.first_frame + len(audio.rows)
    if audio.first_frame > piece.rows_start or held_end < piece.rows_end:
        raise ConditioningInvalid(
            f"Frames {piece.rows_start}..{piece.rows_end - 1} of the audio conditioning are needed, "
            f"but the file holds {audio.first_frame}..{held_end - 1}."
        )
