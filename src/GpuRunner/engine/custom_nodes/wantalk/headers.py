"""What the headers of our files say: what a file is, who made it, for which talk. Foreign files are refused here."""

from __future__ import annotations

from pathlib import Path
from typing import Any, BinaryIO

from .errors import FileRefused
from .files import digest
from .safetensors import Header, read_header

ENGINE = "comfyui"
VERSION = 1

SHARED_CONDITIONING = "shared_conditioning"
AUDIO_CONDITIONING = "audio_conditioning"
CHECKPOINT = "checkpoint"


def heading(kind: str, prefix: str, **about: Any) -> dict[str, Any]:
    """What a file of ours says first; ``prefix`` is the filename_prefix under which it is written."""
    return {"kind": kind, "engine": ENGINE, "version": VERSION, "talk": talk_of(prefix), **about}


def talk_of(prefix: str) -> str | None:
    """The talk that a prefix ``wantalk/TALK/…/name`` belongs to; None for another form."""
    parts = prefix.split("/")
    return parts[1] if len(parts) > 2 and parts[0] == "wantalk" else None


def read_own(stream: BinaryIO, name: str, kind: str) -> tuple[Header, dict[str, Any]]:
    """Reads the header of a file that must be one of ours, of that kind. ``name`` is for messages."""
    try:
        header = read_header(stream)
    except FileRefused as error:
        raise FileRefused(f"{name}: {error}") from error
    about = header.metadata or {}
    if about.get("kind") != kind or about.get("version") != VERSION:
        raise FileRefused(f"{name} is no {kind.replace('_', ' ')} of this version of WanTalk; it says that it is {about.get('kind')}.")
    if about.get("engine") != ENGINE:
        raise FileRefused(f"{name} was made by {about.get('engine')} and not by ComfyUI; they cannot be mixed.")
    return header, about


def check_digest(path: Path, name: str, sha256: str) -> None:
    """Refuses a file that has not the digest that it should have; an empty one is not looked at."""
    if sha256 and (found := digest(path)) != sha256.lower():
        raise FileRefused(f"{name} has the SHA-256 {found} and not {sha256}: it is not the file that was meant.")
