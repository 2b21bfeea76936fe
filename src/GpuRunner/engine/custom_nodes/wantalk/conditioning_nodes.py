"""WanTalkSaveConditioning and WanTalkLoadConditioning."""

from __future__ import annotations

from typing import Any

from . import conditioning, host
from .conditioning import AudioRows
from .errors import FileRefused
from .files import digest, place_for

ROWS = "wantalk_rows"
"""Under which key the loaded embeddings carry their :class:`AudioRows` to the sampler."""


class WanTalkSaveConditioning:
    """Writes a talk's conditioning: text and picture embeddings in one file, audio embeddings in another."""

    CATEGORY = "WanTalk"
    FUNCTION = "save"
    OUTPUT_NODE = True
    RETURN_TYPES = ()

    @classmethod
    def INPUT_TYPES(cls) -> dict[str, Any]:
        return {
            "required": {
                "multitalk_embeds": ("MULTITALK_EMBEDS",),
                "text_embeds": ("WANVIDEOTEXTEMBEDS",),
                "clip_embeds": ("WANVIDIMAGE_CLIPEMBEDS",),
                "expected_frames": ("INT", {"default": 81, "min": 1, "max": 10_000_000}),
                "filename_prefix": ("STRING", {"default": "wantalk/conditioning"}),
            }
        }

    @classmethod
    def IS_CHANGED(cls, **_: Any) -> float:
        """Never the same: a cached result would name files without looking for them."""
        return float("nan")

    def save(
        self,
        multitalk_embeds: dict[str, Any],
        text_embeds: dict[str, Any],
        clip_embeds: dict[str, Any],
        expected_frames: int,
        filename_prefix: str,
    ) -> dict[str, Any]:
        """Refuses an embedding that has not the expected length."""
        place = place_for(host.output_folder(), filename_prefix)
        stored = conditioning.save(multitalk_embeds, text_embeds, clip_embeds, expected_frames, place, filename_prefix)
        return {"ui": {"wantalk": [file.to_json() for file in stored]}}


class WanTalkLoadConditioning:
    """Reads both files; the audio file may be a slice that tells its first frame. An empty SHA-256 is not looked at."""

    CATEGORY = "WanTalk"
    FUNCTION = "load"
    RETURN_TYPES = ("MULTITALK_EMBEDS", "WANVIDEOTEXTEMBEDS", "WANVIDIMAGE_CLIPEMBEDS")
    RETURN_NAMES = ("multitalk_embeds", "text_embeds", "clip_embeds")

    @classmethod
    def INPUT_TYPES(cls) -> dict[str, Any]:
        return {"required": {name: ("STRING", {"default": ""}) for name in ("shared_file", "shared_sha256", "audio_file", "audio_sha256")}}

    @classmethod
    def VALIDATE_INPUTS(cls, shared_file: str, audio_file: str) -> bool | str:
        """Refuses a graph whose files are missing or outside ComfyUI's folders, before it is queued."""
        missing = [name for name in (shared_file, audio_file) if host.find_file(name) is None]
        return f"Invalid conditioning file: {missing[0]}" if missing else True

    @classmethod
    def IS_CHANGED(cls, shared_file: str, audio_file: str, **_: Any) -> str:
        """The files' own digests."""
        return digest(host.require_file(shared_file)) + digest(host.require_file(audio_file))

    def load(
        self, shared_file: str, shared_sha256: str, audio_file: str, audio_sha256: str
    ) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
        """Gives the embeddings as the wrapper's own nodes would."""
        texts, clips, shared_of = conditioning.load_shared(host.require_file(shared_file), shared_file, shared_sha256)
        audio = conditioning.load_audio(host.require_file(audio_file), audio_file, audio_sha256)
        if audio.conditioning != shared_of:
            raise FileRefused(f"{shared_file} and {audio_file} are not of the same conditioning.")
        embeds = {
            "audio_features": [audio.rows],
            "audio_scale": audio.audio_scale,
            "audio_cfg_scale": audio.audio_cfg_scale,
            "ref_target_masks": None,
            ROWS: audio,
        }
        return embeds, texts, clips


def rows_of(embeds: dict[str, Any]) -> AudioRows:
    """What the loader knows of the rows, their place in the talk above all."""
    rows = embeds.get(ROWS)
    if not isinstance(rows, AudioRows):
        raise ValueError("multitalk_embeds must come from WanTalkLoadConditioning, which knows the frames' place in the talk.")
    return rows
