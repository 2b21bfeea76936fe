"""Everything that decides what a window looks like, beside the window before it. Windows of different identity never mix.

Settings that only trade memory for time (block swap, offloading) are not part of it, nor is tiled decoding, so that a piece that ran out of
memory can go on at the window where it failed; each checkpoint's header tells those settings instead.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import torch

from . import host
from .conditioning import AudioRows, hash_of, shared_tensors

SAMPLES = 64
SAMPLE_BYTES = 1 << 16


def of(
    options: Mapping[str, Any], model: Any, image: Mapping[str, Any], texts: Mapping[str, Any], audio: AudioRows, graph: Graph
) -> dict[str, Any]:
    """The identity of a run of the sampler, as it will be when it is read back from a header."""
    about = model.model
    loras = about["lora"] or []
    speaker = graph.setting(("model", "multitalk_model"), "model")
    vae = graph.setting(("image_embeds", "vae"), "model_name")
    found = {
        **{
            name: options[name]
            for name in ("seed", "steps", "cfg", "shift", "scheduler", "riflex_freq_index", "batched_cfg", "rope_function")
        },
        "width": image["target_w"],
        "height": image["target_h"],
        "total_frames": audio.total_frames,
        "conditioning": audio.conditioning,
        "portrait": hash_of({"portrait": image["multitalk_start_image"]}, {}),
        "embeddings": hash_of(shared_tensors(texts, {"clip_embeds": image["clip_context"]}), {}),
        "model": _file(about["model_name"], about["base_path"]),
        "loras": [{**_file(lora.get("name"), lora.get("path")), "strength": lora.get("strength")} for lora in loras],
        "multitalk_model": _file(speaker, host.model_file("diffusion_models", speaker) or host.model_file("unet_gguf", speaker)),
        "vae": _file(vae, host.model_file("vae", vae)),
        "vae_type": str(image["vae"].dtype),
        "base_type": str(about["base_dtype"]),
        "weight_type": str(about["weight_dtype"]),
        "quantization": about["quantization"],
        "attention": graph.setting(("model",), "attention_mode"),
    }
    return json.loads(json.dumps(found))


class Graph:
    """The prompt's graph, for what the objects that arrive do not tell of themselves."""

    def __init__(self, prompt: Mapping[str, Any] | None, node: str | None) -> None:
        self._prompt, self._node = prompt or {}, node

    def setting(self, links: tuple[str, ...], name: str) -> Any:
        """The value of an input of the node behind some links; None if it cannot be found, or is a link itself."""
        node = self._prompt.get(str(self._node), {})
        for link in links:
            source = node.get("inputs", {}).get(link)
            node = self._prompt.get(str(source[0]), {}) if isinstance(source, list) and source else {}
        value = node.get("inputs", {}).get(name)
        return None if isinstance(value, list) else value


def _file(name: str | None, path: str | os.PathLike[str] | None) -> dict[str, str | None]:
    if path is None or not os.path.isfile(path):
        return {"name": name, "fingerprint": None}
    about = os.stat(path)
    return {"name": name, "fingerprint": _fingerprint(str(path), about.st_size, about.st_mtime_ns)}


@lru_cache(maxsize=64)
def _fingerprint(path: str, size: int, changed: int) -> str:
    """A hash of a model file's size, of its ends and of samples between them: reading 17 GB for each prompt would take too long."""
    hashed = hashlib.sha256(str(size).encode())
    with Path(path).open("rb") as stream:
        for sample in range(SAMPLES):
            stream.seek(max(0, size - SAMPLE_BYTES) * sample // (SAMPLES - 1))
            hashed.update(stream.read(SAMPLE_BYTES))
    return hashed.hexdigest()


def settings(model: Any, image: Mapping[str, Any]) -> dict[str, Any]:
    """How a window was made, as far as that is not part of its identity."""
    swap = (model.model_options.get("transformer_options") or {}).get("block_swap_args") or {}
    return {
        "blocks_to_swap": swap.get("blocks_to_swap", 0),
        "tiled_vae": bool(image.get("tiled_vae")),
        "force_offload": bool(image.get("force_offload")),
        "torch": torch.__version__,
        "device": torch.cuda.get_device_name() if torch.cuda.is_available() else "cpu",
    }
