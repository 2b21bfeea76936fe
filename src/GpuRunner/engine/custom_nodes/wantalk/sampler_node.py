"""WanTalkWindowSampler."""

from __future__ import annotations

from typing import Any

from . import demands, host, identity, wrapper
from .conditioning_nodes import rows_of
from .files import StoredFile, place_for
from .sampling import PieceSampler, Work, read_parent
from .windows import Piece

SCHEDULERS = ["unipc", "dpm++", "dpm++_sde", "euler", "lcm", "flowmatch_distill", "multitalk"]
ROPE_FUNCTIONS = ["default", "comfy", "comfy_chunked"]


class WanTalkWindowSampler:
    """Samples some windows of a talk, one after the other, with the wrapper's own loop.

    A window's frames are written first and its checkpoint last, so that a checkpoint that is there means that the window is complete.
    Windows that are whole already are not sampled again.
    """

    CATEGORY = "WanTalk"
    FUNCTION = "sample"
    OUTPUT_NODE = True
    RETURN_TYPES = ()

    @classmethod
    def INPUT_TYPES(cls) -> dict[str, Any]:
        return {
            "required": {
                "model": ("WANVIDEOMODEL",),
                "image_embeds": ("WANVIDIMAGE_EMBEDS",),
                "text_embeds": ("WANVIDEOTEXTEMBEDS",),
                "multitalk_embeds": ("MULTITALK_EMBEDS",),
                "steps": ("INT", {"default": 4, "min": 1, "max": 1000}),
                "cfg": ("FLOAT", {"default": 1.0, "min": 0.0, "max": 30.0, "step": 0.01}),
                "shift": ("FLOAT", {"default": 11.0, "min": 0.0, "max": 1000.0, "step": 0.01}),
                "seed": ("INT", {"default": 0, "min": 0, "max": 0xFFFFFFFFFFFFFFFF}),
                "force_offload": ("BOOLEAN", {"default": True}),
                "scheduler": (wrapper.choices("scheduler", SCHEDULERS), {"default": "flowmatch_distill"}),
                "riflex_freq_index": ("INT", {"default": 0, "min": 0, "max": 1000, "step": 1}),
                "window_index": ("INT", {"default": 0, "min": 0, "max": 1_000_000}),
                "window_count": ("INT", {"default": 1, "min": 1, "max": 10_000}),
                "checkpoint_in": ("STRING", {"default": ""}),
                "filename_prefix": ("STRING", {"default": "wantalk/window"}),
            },
            "optional": {
                "batched_cfg": ("BOOLEAN", {"default": False}),
                "rope_function": (wrapper.choices("rope_function", ROPE_FUNCTIONS), {"default": "comfy"}),
            },
            "hidden": {"prompt": "PROMPT", "unique_id": "UNIQUE_ID"},
        }

    @classmethod
    def VALIDATE_INPUTS(cls, checkpoint_in: str) -> bool | str:
        """Refuses a graph whose checkpoint is missing or outside ComfyUI's folders, before it is queued."""
        return True if not checkpoint_in or host.find_file(checkpoint_in) is not None else f"Invalid checkpoint file: {checkpoint_in}"

    @classmethod
    def IS_CHANGED(cls, **_: Any) -> float:
        """Never the same: a cached result would name files without looking for them. Whole files of the same work are used again."""
        return float("nan")

    def sample(
        self, model: Any, image_embeds: dict[str, Any], text_embeds: dict[str, Any], multitalk_embeds: dict[str, Any],
        window_index: int, window_count: int, checkpoint_in: str, filename_prefix: str,
        batched_cfg: bool = False, rope_function: str = "comfy",
        prompt: dict[str, Any] | None = None, unique_id: str | None = None, **settings: Any,
    ) -> dict[str, Any]:  # fmt: skip
        """settings: the sampler's own, by the wrapper's names."""
        options = {**settings, "batched_cfg": batched_cfg, "rope_function": rope_function}
        audio = rows_of(multitalk_embeds)
        piece = Piece(window_index, window_count, audio.total_frames)
        demands.check(options, image_embeds, audio, piece)
        mark = identity.of(options, model, image_embeds, text_embeds, audio, identity.Graph(prompt, unique_id))
        place = place_for(host.output_folder(), filename_prefix)
        parent = read_parent(checkpoint_in, window_index, mark)
        work = Work(model, image_embeds, text_embeds, audio, options, mark, identity.settings(model, image_embeds))

        def tell(window: int, files: list[StoredFile]) -> None:
            host.send("wantalk.window", unique_id, {"window": window, "files": [file.to_json() for file in files]})

        stored = PieceSampler(work, filename_prefix, tell).sample(piece, parent, place)
        return {"ui": {"wantalk": [file.to_json() for file in stored]}}
