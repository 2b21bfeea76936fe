"""Files of the pack: names that cannot leave their folder, writes that are whole or absent, digests, and how they are told of."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

ANNOTATIONS = ("input", "output", "temp")
PARTIAL = ".tmp"


@dataclass(frozen=True)
class StoredFile:
    """A file as ui outputs and window messages name it. ``subfolder`` is relative to the output folder."""

    name: str
    filename: str
    subfolder: str
    sha256: str
    bytes: int
    window: int | None = None

    def to_json(self) -> dict[str, Any]:
        """The form in which it is told."""
        told: dict[str, Any] = {
            "name": self.name,
            "filename": self.filename,
            "subfolder": self.subfolder,
            "type": "output",
            "sha256": self.sha256,
            "bytes": self.bytes,
        }
        return told if self.window is None else {**told, "window": self.window}

    @staticmethod
    def of(name: str, path: Path, subfolder: str, window: int | None = None) -> StoredFile:
        """Describes a file that is there."""
        return StoredFile(name, path.name, subfolder, digest(path), path.stat().st_size, window)


@dataclass(frozen=True)
class Place:
    """Where the files of a filename_prefix go: the folder, its name below the output folder, and how the names begin."""

    folder: Path
    subfolder: str
    stem: str


def inside(folder: Path | str, relative: str) -> Path | None:
    """A path below a folder; None for one that leads out of it, by whatever way, or is the folder itself."""
    if not relative or "\0" in relative or "\\" in relative or os.path.isabs(relative):
        return None
    root = Path(os.path.realpath(folder))
    path = Path(os.path.realpath(root / relative))
    return path if root in path.parents else None


def split_annotation(name: str) -> tuple[str, str]:
    """Splits ``name [output]`` into name and folder type; without an annotation the type is ``input``."""
    for kind in ANNOTATIONS:
        if name.endswith(f"[{kind}]"):
            return name[: -len(kind) - 2].rstrip(), kind
    return name, "input"


def place_for(output: Path | str, prefix: str) -> Place:
    """Where files of a prefix go; makes the folder."""
    parent, _, stem = prefix.rpartition("/")
    folder = inside(output, parent) if parent else Path(os.path.realpath(output))
    if folder is None or stem in ("", ".", "..") or inside(output, prefix) is None:
        raise ValueError(f"Saving outside the output folder is not allowed: {prefix}")
    folder.mkdir(parents=True, exist_ok=True)
    subfolder = os.path.relpath(folder, os.path.realpath(output))
    return Place(folder, "" if subfolder == "." else subfolder, stem)


def digest(path: Path) -> str:
    """The SHA-256 of a file, in lower-case hexadecimal."""
    hashed = hashlib.sha256()
    with path.open("rb") as stream:
        while block := stream.read(1 << 20):
            hashed.update(block)
    return hashed.hexdigest()


def write_whole(path: Path, write: Callable[[BinaryIO], None]) -> None:
    """Writes a file under another name, flushes it to the disk and only then gives it its own."""
    partial = path.with_name(path.name + PARTIAL)
    try:
        with partial.open("wb") as stream:
            write(stream)
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(partial, path)
    finally:
        partial.unlink(missing_ok=True)
    flush_folder(path.parent)


def keep_whole(partial: Path, path: Path) -> None:
    """Gives a finished file, written by another program, its own name after flushing it to the disk."""
    with partial.open("rb+") as stream:
        os.fsync(stream.fileno())
    os.replace(partial, path)
    flush_folder(path.parent)


def flush_folder(folder: Path) -> None:
    """Makes new names in a folder survive a loss of power, where the system can do that."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def release(roots: list[Path | str], prefix: str) -> int:
    """Deletes everything in some folders whose path begins with a prefix of ours.

    The prefix is a folder, or whole words at the beginning of names: ``w-0007`` is ``w-0007.mkv`` and not ``w-00071.mkv``.

    Returns how many files were deleted; raises ValueError for a prefix that is not below ``wantalk/``.
    """
    if not prefix.startswith("wantalk/") or any(part in ("", ".", "..") for part in prefix.split("/")) or "\\" in prefix or "\0" in prefix:
        raise ValueError(f"The prefix must begin with wantalk/ and a name, not {prefix}.")
    parent, _, beginning = prefix.rpartition("/")
    deleted = 0
    for root in roots:
        folder = inside(root, parent)
        if folder is not None and folder.is_dir():
            deleted += sum(_delete(entry) for entry in list(folder.iterdir()) if _begins(entry.name, beginning))
    return deleted


def _begins(name: str, beginning: str) -> bool:
    return name.startswith(beginning) and not name[len(beginning) : len(beginning) + 1].isalnum()


def _delete(entry: Path) -> int:
    if not entry.is_dir() or entry.is_symlink():
        entry.unlink(missing_ok=True)
        return 1
    deleted = sum(_delete(child) for child in list(entry.iterdir()))
    entry.rmdir()
    return deleted
