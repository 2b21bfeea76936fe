"""The sampler node, to its documented contract: one draw before the loop, and the loop called by a name of this module."""

from __future__ import annotations

import inspect
from typing import Any

import torch

from .loop import multitalk_loop
from .schedulers import create


class WanVideoSampler:
    """Samples with a model that is called as the wrapper calls its transformer."""

    @classmethod
    def INPUT_TYPES(cls) -> dict[str, Any]:
        return {
            "required": {"scheduler": (["flowmatch_distill", "lcm"],)},
            "optional": {"rope_function": (["default", "comfy"],)},
        }

    def process(
        self, model: Any, image_embeds: dict[str, Any], shift: float, steps: int, cfg: Any, seed: int, scheduler: str,
        riflex_freq_index: int,
        text_embeds: dict[str, Any], force_offload: bool = True, batched_cfg: bool = False, rope_function: str = "default",
        multitalk_embeds: Any = None,
    ) -> Any:  # fmt: skip
        """Prepares what the loop needs and leaves the rest to it."""
        transformer, dtype = model.model.diffusion_model, model.model["base_dtype"]
        vae = image_embeds["vae"]
        seed_g = torch.Generator(device="cpu")
        seed_g.manual_seed(seed)
        scheduler_step_args = {"generator": seed_g} if "generator" in inspect.signature(create(scheduler).step).parameters else {}
        cfg = [cfg] * (steps + 1)
        noise = torch.randn(image_embeds["target_shape"], dtype=torch.float32, generator=seed_g)
        multitalk_audio_embeds = [rows.to("cpu", dtype) for rows in multitalk_embeds["audio_features"]]

        def predict_with_cfg(
            z: torch.Tensor, cfg_scale: float, positive_embeds: Any, negative_embeds: Any, timestep: Any, idx: int, image_cond: Any = None,
            clip_fea: Any = None, cache_state: Any = None, multitalk_audio_embeds: Any = None,
        ) -> Any:  # fmt: skip
            given = {"x": [z.to(dtype)], "y": [image_cond.to(dtype)], "clip_fea": clip_fea, "t": timestep}
            predicted, _, state = transformer(context=positive_embeds, multitalk_audio=multitalk_audio_embeds, **given)
            return predicted[0], None, [state]

        try:
            return multitalk_loop(**locals())
        finally:
            if force_offload:
                transformer.to("cpu")
