"""WanTalkCheckAudio and WanTalkFitAudio."""

from __future__ import annotations

from typing import Any

import torch

from .errors import AudioInvalid
from .windows import SAMPLE_RATE, SAMPLES_PER_FRAME, SPARE_SAMPLES, frames_for


class WanTalkCheckAudio:
    """Hands audio on as it is, if it has samples and all of them are numbers.

    It belongs in front of a node that stores audio as whole numbers, SaveAudio for one: behind that nobody can tell what was none. Silence
    is no fault: a talk with quiet vocals has a closed mouth.
    """

    CATEGORY = "WanTalk"
    FUNCTION = "check"
    RETURN_TYPES = ("AUDIO",)
    RETURN_NAMES = ("audio",)
    DESCRIPTION = "Refuses audio that is empty or has values that are no numbers, before it is stored."

    @classmethod
    def INPUT_TYPES(cls) -> dict[str, Any]:
        return {"required": {"audio": ("AUDIO",)}}

    def check(self, audio: dict[str, Any]) -> tuple[dict[str, Any]]:
        """audio: waveform [1, channels, samples], and its sample_rate."""
        _demand_numbers(audio["waveform"])
        return (audio,)


class WanTalkFitAudio:
    """Makes audio mono at 16 kHz, and just so long that its embedding has exactly as many frames as whole windows need.

    With T frames it becomes 640 T + 40 samples; ``num_frames`` is T + 1, which keeps the embedding node from cutting.
    """

    CATEGORY = "WanTalk"
    FUNCTION = "fit"
    RETURN_TYPES = ("AUDIO", "INT", "INT")
    RETURN_NAMES = ("audio", "num_frames", "expected_frames")
    DESCRIPTION = "Pads speech with silence to whole windows, so that no window hears the wrapper's canned silence."

    @classmethod
    def INPUT_TYPES(cls) -> dict[str, Any]:
        return {
            "required": {
                "audio": ("AUDIO",),
                "visible_frames": ("INT", {"default": 81, "min": 1, "max": 10_000_000}),
                "frame_window_size": ("INT", {"default": 81, "min": 2, "max": 10_000}),
                "motion_frame": ("INT", {"default": 9, "min": 1, "max": 9_999}),
            }
        }

    def fit(self, audio: dict[str, Any], visible_frames: int, frame_window_size: int, motion_frame: int) -> tuple[dict[str, Any], int, int]:
        """audio: waveform [1, channels, samples] float32, and its sample_rate."""
        if motion_frame >= frame_window_size:
            raise ValueError(f"motion_frame {motion_frame} must be less than frame_window_size {frame_window_size}.")
        waveform = audio["waveform"]
        _demand_numbers(waveform)
        total = frames_for(visible_frames, frame_window_size, motion_frame)
        mono = _at_16_khz(waveform.float().mean(dim=1, keepdim=True), int(audio["sample_rate"]))
        length = SAMPLES_PER_FRAME * total + SPARE_SAMPLES
        mono = torch.nn.functional.pad(mono[..., :length], (0, max(0, length - mono.shape[-1])))
        return {"waveform": mono, "sample_rate": SAMPLE_RATE}, total + 1, total


def _demand_numbers(waveform: torch.Tensor) -> None:
    if waveform.ndim != 3 or len(waveform) != 1 or waveform.shape[-1] == 0:
        raise AudioInvalid(f"The audio must be one recording with samples in it, not {list(waveform.shape)}.")
    if not torch.isfinite(waveform).all():
        raise AudioInvalid(
            "The audio has values that are no numbers; the separation makes them of silence. Give a recording in which somebody speaks."
        )


def _at_16_khz(mono: torch.Tensor, rate: int) -> torch.Tensor:
    if rate == SAMPLE_RATE:
        return mono
    import torchaudio

    return torchaudio.functional.resample(mono, rate, SAMPLE_RATE)
