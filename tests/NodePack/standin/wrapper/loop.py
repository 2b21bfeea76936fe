"""The window loop, to its documented contract: argument names, order of draws, tail rule, silence behind the last window."""

from __future__ import annotations

from typing import Any

import torch

from .schedulers import TIMESTEPS, create

PADDING = 3


def silence(layers: int, dimensions: int) -> torch.Tensor:
    """The canned silence, float16 [90, layers, dimensions]."""
    generator = torch.Generator().manual_seed(90)
    return torch.randn(90, layers, dimensions, generator=generator).half()


def multitalk_loop(self: Any, **arguments: Any) -> tuple[dict[str, Any]]:
    """Samples every window of a talk, each from the tail of the one before."""
    vae, dtype, image, generator = (arguments[name] for name in ("vae", "dtype", "image_embeds", "seed_g"))
    texts, audio, predict = (arguments[name] for name in ("text_embeds", "multitalk_audio_embeds", "predict_with_cfg"))
    size, shared, tiled = image["frame_window_size"], image["motion_frame"], image["tiled_vae"]
    start = image["multitalk_start_image"]
    clip = image["clip_context"].to(dtype)
    height, width = start.shape[-2:]
    offset, window, tail, last = 0, 0, start, size >= len(audio[0])
    kept: list[torch.Tensor] = []
    while True:
        self.cache_state = [None, None]
        heard = torch.arange(offset, offset + size)[:, None] + torch.arange(-2, 3)
        rows = torch.stack([speaker[heard.clamp(0, len(speaker) - 1)] for speaker in audio]).to(dtype)
        latent = torch.randn(16, (size - 1) // 4 + 1, height // 8, width // 8, generator=generator, dtype=torch.float32)
        blank = torch.zeros(1, 3, size - 1, height, width, dtype=vae.dtype)
        vae.to("cpu")
        picture = vae.encode(torch.cat([start.to(vae.dtype), blank], dim=2), device="cpu", tiled=tiled, pbar=False).to(dtype)[0]
        motion = vae.encode(tail.to(vae.dtype), device="cpu", tiled=tiled, pbar=False).to(dtype)[0]
        vae.to("cpu")
        mask = torch.zeros(4, *picture.shape[1:], dtype=dtype)
        mask[:, :1] = 1
        condition = torch.cat([mask, picture])
        prompts = texts["prompt_embeds"]
        positive = [prompts[min(window, len(prompts) - 1)]] if len(prompts) > 1 else prompts
        scheduler = create(arguments["scheduler"])
        for index, time in enumerate(TIMESTEPS[:-1]):
            latent[:, : motion.shape[1]] = motion
            predicted, _, self.cache_state = predict(
                latent, arguments["cfg"][index], positive, texts["negative_prompt_embeds"], torch.tensor([time]), index, condition, clip,
                cache_state=self.cache_state, multitalk_audio_embeds=rows,
            )  # fmt: skip
            latent = scheduler.step(predicted, torch.tensor([time]), latent, **arguments["scheduler_step_args"])
            latent[:, : motion.shape[1]] = motion
        vae.to("cpu")
        frames = vae.decode(latent[None].to(vae.dtype), device="cpu", tiled=tiled, pbar=False)[0].cpu()
        vae.to("cpu")
        kept.append(frames if window == 0 else frames[:, shared:])
        if last:
            return ({"video": torch.cat(kept, dim=1).permute(1, 2, 3, 0), "output_path": ""},)
        tail = frames[:, -shared:][None]
        window += 1
        offset += size - shared
        missing = offset + size - len(audio[0])
        if missing >= 0:
            last = True
            quiet = silence(*audio[0].shape[1:])[-(missing + PADDING) :].to(dtype)
            audio = [torch.cat([speaker, quiet]) for speaker in audio]
