"""The conditioning of a talk in two files: what all windows share (texts and picture), and the audio rows, of which a piece needs some.

Both carry the hash of the whole conditioning, so that files of two talks are never taken together. The audio file may be a slice: the same
header with another ``first_frame``, and some of the rows.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from .errors import AudioInvalid, ConditioningInvalid, FileRefused
from .files import Place, StoredFile, write_whole
from .headers import AUDIO_CONDITIONING, SHARED_CONDITIONING, check_digest, heading, read_own
from .safetensors import NAMES, as_bytes, read_tensor, write

AUDIO = "audio"
CLIPS = ("clip_embeds", "negative_clip_embeds")
TEXTS = ("prompt_embeds", "negative_prompt_embeds")


@dataclass(frozen=True)
class AudioRows:
    """The audio embeddings of a talk, or of a piece of it.

    rows: [frames, layers, dimensions] as wav2vec2 gave them, [n, 12, 768] float16 as a rule; row 0 belongs to ``first_frame``.
    conditioning: the hash of the whole talk's conditioning.
    """

    rows: torch.Tensor
    first_frame: int
    total_frames: int
    audio_scale: float
    audio_cfg_scale: float
    conditioning: str
    talk: str | None


def save(
    embeds: Mapping[str, Any], texts: Mapping[str, Any], clips: Mapping[str, Any], expected_frames: int, place: Place, prefix: str
) -> list[StoredFile]:
    """Writes both files: ``STEM-shared.safetensors`` and ``STEM-audio.safetensors``."""
    rows = single_speaker(embeds)
    if len(rows) != expected_frames:
        raise ConditioningInvalid(
            f"The audio embedding has {len(rows)} frames where {expected_frames} were expected. Fit the audio with WanTalkFitAudio; if that "
            "was done, this ComfyUI-WanVideoWrapper makes embeddings of another length, and another version is needed."
        )
    if not torch.isfinite(rows).all():
        raise AudioInvalid(
            "The audio embedding has values that are no numbers; silent audio becomes that. Give a recording in which somebody speaks."
        )
    scales = {"audio_scale": float(embeds["audio_scale"]), "audio_cfg_scale": float(embeds["audio_cfg_scale"])}
    shared = shared_tensors(texts, clips)
    conditioning = hash_of({AUDIO: rows, **shared}, scales)
    shared_path = place.folder / f"{place.stem}-shared.safetensors"
    audio_path = place.folder / f"{place.stem}-audio.safetensors"
    about_shared = heading(SHARED_CONDITIONING, prefix, conditioning=conditioning)
    about_audio = heading(AUDIO_CONDITIONING, prefix, conditioning=conditioning, first_frame=0, total_frames=len(rows), **scales)
    write_whole(shared_path, lambda stream: write(stream, about_shared, shared))
    write_whole(audio_path, lambda stream: write(stream, about_audio, {AUDIO: rows}))
    return [StoredFile.of("shared", shared_path, place.subfolder), StoredFile.of("audio", audio_path, place.subfolder)]


def load_shared(path: Path, name: str, sha256: str) -> tuple[dict[str, Any], dict[str, Any], str]:
    """Reads text and picture embeddings, in the form in which the wrapper's nodes give them, and the conditioning's hash."""
    check_digest(path, name, sha256)
    with path.open("rb") as stream:
        header, about = read_own(stream, name, SHARED_CONDITIONING)
        tensors = {entry: read_tensor(stream, header, entry) for entry in header.entries}
    texts: dict[str, Any] = {key: _numbered(tensors, key) for key in TEXTS}
    clips = {key: tensors.get(key) for key in CLIPS}
    if not texts["prompt_embeds"]:
        raise FileRefused(f"{name} holds no text embedding.")
    return {**texts, "echoshot": False}, clips, str(about.get("conditioning"))


def load_audio(path: Path, name: str, sha256: str) -> AudioRows:
    """Reads audio rows, whole or a slice."""
    check_digest(path, name, sha256)
    with path.open("rb") as stream:
        header, about = read_own(stream, name, AUDIO_CONDITIONING)
        rows = read_tensor(stream, header, AUDIO)
    first, total = about.get("first_frame"), about.get("total_frames")
    if type(first) is not int or type(total) is not int or rows.ndim != 3 or first < 0 or first + len(rows) > total:
        raise FileRefused(f"{name} does not hold the audio rows that it promises.")
    if not torch.isfinite(rows).all():
        raise AudioInvalid(f"{name} has values that are no numbers.")
    return AudioRows(
        rows, first, total, float(about["audio_scale"]), float(about["audio_cfg_scale"]), str(about.get("conditioning")), about.get("talk")
    )


def single_speaker(embeds: Mapping[str, Any]) -> torch.Tensor:
    """The audio rows of the one speaker [frames, layers, dimensions]; two speakers are refused."""
    features = embeds.get("audio_features")
    found = [features] if isinstance(features, torch.Tensor) else list(features or [])
    if len(found) != 1 or embeds.get("ref_target_masks") is not None:
        raise ConditioningInvalid(f"One speaker without masks is wanted, not {len(found)} speakers.")
    if found[0].ndim != 3:
        raise ConditioningInvalid(f"The audio embedding must be [frames, layers, dimensions], not {list(found[0].shape)}.")
    return found[0]


def shared_tensors(texts: Mapping[str, Any], clips: Mapping[str, Any]) -> dict[str, torch.Tensor]:
    """Text and picture embeddings as named tensors; what could not be kept is refused rather than lost."""
    kept: dict[str, torch.Tensor] = {}
    for key, value in texts.items():
        if key in TEXTS:
            kept |= {f"{key}.{index:03d}": tensor for index, tensor in enumerate(value or [])}
        elif isinstance(value, torch.Tensor) or value:
            raise ConditioningInvalid(f"The text embeddings have {key}, which would be lost.")
    for key, value in clips.items():
        if key in CLIPS and isinstance(value, torch.Tensor):
            kept[key] = value
        elif value is not None:
            raise ConditioningInvalid(f"The picture's embeddings have {key}, which would be lost.")
    if any(tensor.dtype not in NAMES for tensor in kept.values()):
        raise ConditioningInvalid("The embeddings have a type that the files cannot hold.")
    return kept


def hash_of(tensors: Mapping[str, torch.Tensor], about: Mapping[str, Any]) -> str:
    """The SHA-256 of some tensors, their names, types and shapes, and what else is said."""
    hashed = hashlib.sha256(json.dumps(about, sort_keys=True).encode())
    for name, tensor in sorted(tensors.items()):
        hashed.update(f"\0{name} {NAMES[tensor.dtype]} {list(tensor.shape)}\0".encode())
        hashed.update(as_bytes(tensor))
    return hashed.hexdigest()


def _numbered(tensors: Mapping[str, torch.Tensor], key: str) -> list[torch.Tensor]:
    return [tensors[name] for name in sorted(tensors) if name.startswith(f"{key}.")]
