"""Tiny models that stand in for 17 GB: every value they give depends on every value that they are given, as with the real ones."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import torch


def _weights(seed: int, *shape: int, scale: float = 1.0) -> torch.Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed)) * scale


class TinyVae:
    """Encodes [1, 3, frames, height, width] to 16 channels, an eighth of the size, four frames in one; and back, a little beyond -1..1."""

    def __init__(self, dtype: torch.dtype) -> None:
        self.dtype = dtype
        self.place: Any = None
        self.decoded: list[torch.Tensor] = []
        self.spoil: dict[int, float] = {}
        self._into, self._out = _weights(1, 16, 192, scale=0.07), _weights(2, 192, 16, scale=0.15)

    def to(self, device: Any) -> TinyVae:
        self.place = device
        return self

    def encode(self, videos: torch.Tensor, device: Any, tiled: bool = False, pbar: bool = True) -> torch.Tensor:
        batch, _, frames, height, width = videos.shape
        patches = videos.float().reshape(batch, 3, frames, height // 8, 8, width // 8, 8).permute(0, 2, 3, 5, 1, 4, 6)
        seen = torch.tanh(patches.reshape(batch, frames, height // 8, width // 8, 192) @ self._into.T)
        groups = [seen[:, :1]] + [seen[:, at : at + 4] for at in range(1, frames, 4)]
        weights = torch.tensor([0.4, 0.3, 0.2, 0.1]).reshape(1, 4, 1, 1, 1)
        latents = [(group * weights[:, : group.shape[1]]).sum(1, keepdim=True) * 2 for group in groups]
        return torch.cat(latents, dim=1).permute(0, 4, 1, 2, 3)

    def decode(self, latents: torch.Tensor, device: Any, tiled: bool = False, pbar: bool = True) -> list[torch.Tensor]:
        batch, channels, steps, height, width = latents.shape
        seen = latents.float().permute(0, 2, 3, 4, 1)
        before = torch.cat([seen[:, :1], seen[:, :-1]], dim=1)
        frames = torch.stack([before * (1 - part) + seen * part for part in (0.25, 0.5, 0.75, 1.0)], dim=2)
        frames = frames.reshape(batch, steps * 4, height, width, channels)[:, 3:]
        pixels = torch.tanh(frames @ self._out.T).reshape(batch, -1, height, width, 3, 8, 8).permute(0, 4, 1, 2, 5, 3, 6)
        video = (pixels.reshape(batch, 3, -1, height * 8, width * 8) * 1.1).to(self.dtype)[0]
        for frame, value in self.spoil.items():
            video[:, frame] = value
        self.decoded.append(video)
        return [video]


class TinyTransformer(torch.nn.Module):
    """Called as the wrapper calls its model; has the attributes that the wrapper's sampler asks for."""

    def __init__(self, layers: int, dimensions: int) -> None:
        super().__init__()
        self.calls = 0
        self._voice = _weights(3, 5, layers, dimensions, scale=2 / (layers * dimensions) ** 0.5)
        self._words, self._looks, self._mix = _weights(4, 24), _weights(5, 24), _weights(6, 16, 32, scale=0.2)
        self.probe = torch.nn.Parameter(torch.zeros(1))
        self.blocks = torch.nn.ModuleList()
        for name in ("audio_model", "vace_layers", "controlnet", "uni3c_controlnet", "video_attention_split_steps"):
            setattr(self, name, None)
        for name in ("teacache_state", "magcache_state", "easycache_state"):
            setattr(self, name, SimpleNamespace(clear_all=lambda: None))
        self.in_dim, self.out_dim, self.dim, self.num_heads = 36, 16, 64, 4
        self.patched_linear = self.is_longcat = False
        self.multitalk_model_type, self.attention_mode = "InfiniteTalk", "sdpa"
        self.rope_embedder = SimpleNamespace()

    def forward(self, x: Any, y: Any, t: Any, context: Any, clip_fea: Any, multitalk_audio: Any, **rest: Any) -> Any:
        self.calls += 1
        noisy, condition = x[0].float(), y[0].float()
        heard = (multitalk_audio[0].float() * self._voice).sum((1, 2, 3))
        beats = torch.cat([heard[:1], heard[1:].reshape(-1, 4) @ torch.tensor([0.4, 0.3, 0.2, 0.1])]).reshape(1, -1, 1, 1)
        told = (context[0].float()[..., :24] * self._words).sum() + (clip_fea.float()[..., :24] * self._looks).sum()
        both = torch.cat([noisy, condition[4:]]).permute(1, 2, 3, 0) @ self._mix.T
        both = both + both.mean((0, 1, 2), keepdim=True)
        predicted = torch.tanh(both.permute(3, 0, 1, 2) + 0.5 * beats + 0.1 * told + float(t.reshape(-1)[0]) / 5000)
        return [(noisy - predicted).to(x[0].dtype)], None, None


class TinyModel(dict):
    """What the wrapper's model loader gives, but for the weights."""

    def __init__(self, dtype: torch.dtype, layers: int, dimensions: int) -> None:
        super().__init__(
            base_dtype=dtype, weight_dtype=dtype, fp8_matmul=False, gguf_reader=None, control_lora=False, sd=None, compile_args=None,
            auto_cpu_offload=False, quantization="disabled", model_name="tiny.safetensors", base_path="", lora=None,
        )  # fmt: skip
        self.diffusion_model = TinyTransformer(layers, dimensions)
        self.latent_format = None
        self.load_device = torch.device("cpu")


def patcher(dtype: torch.dtype, layers: int, dimensions: int) -> Any:
    """A model as it travels between nodes."""
    options = {"transformer_options": {"merge_loras": False, "block_swap_args": None}}
    return SimpleNamespace(
        model=TinyModel(dtype, layers, dimensions), model_options=options, patches={}, load_device=torch.device("cpu")
    )  # fmt: skip
