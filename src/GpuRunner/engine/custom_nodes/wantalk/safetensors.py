"""Reads and writes safetensors files (huggingface/safetensors, format.md).

A file is eight bytes of little-endian length, that much JSON, then the tensors without gaps. Ours carry one metadata key, ``wantalk``,
whose value is JSON as text: the usual library writes several keys in random order, and the file's hash would change. Tensors are placed
by the size of their elements, largest first, then by name, so that every one is aligned and the same contents are always the same bytes.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO

import torch

from .errors import FileRefused

MAX_HEADER_BYTES = 1 << 20
METADATA = "__metadata__"
KEY = "wantalk"
CHUNK = 1 << 24

DTYPES: dict[str, torch.dtype] = {
    "BOOL": torch.bool,
    "U8": torch.uint8,
    "I8": torch.int8,
    "I16": torch.int16,
    "F16": torch.float16,
    "BF16": torch.bfloat16,
    "I32": torch.int32,
    "F32": torch.float32,
    "I64": torch.int64,
    "F64": torch.float64,
}
NAMES = {dtype: name for name, dtype in DTYPES.items()}


@dataclass(frozen=True)
class Entry:
    """A tensor's place in a file; ``start`` counts from the end of the header."""

    name: str
    dtype: str
    shape: tuple[int, ...]
    start: int
    length: int


@dataclass(frozen=True)
class Header:
    """What a file holds. ``metadata`` is what is under our key, or None."""

    entries: dict[str, Entry]
    metadata: dict[str, Any] | None
    data_start: int

    def entry(self, name: str) -> Entry:
        """A tensor's place, by name."""
        if name not in self.entries:
            raise FileRefused(f"There is no tensor named {name}.")
        return self.entries[name]


def element_size(dtype: str) -> int:
    """The bytes of one element."""
    return torch.empty(0, dtype=DTYPES[dtype]).element_size()


def as_bytes(tensor: torch.Tensor) -> memoryview:
    """The little-endian bytes of a tensor on the CPU."""
    flat = tensor.detach().cpu().contiguous().reshape(-1)
    return memoryview(flat.view(torch.uint8).numpy()) if flat.numel() else memoryview(b"")


def write(stream: BinaryIO, metadata: Mapping[str, Any], tensors: Mapping[str, torch.Tensor]) -> None:
    """Writes a whole file to where the stream stands."""
    ordered = sorted(tensors.items(), key=lambda item: (-item[1].element_size(), item[0]))
    text = json.dumps(metadata, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    root: dict[str, Any] = {METADATA: {KEY: text}}
    start = 0
    for name, tensor in ordered:
        end = start + tensor.numel() * tensor.element_size()
        root[name] = {"dtype": NAMES[tensor.dtype], "shape": list(tensor.shape), "data_offsets": [start, end]}
        start = end
    header = json.dumps(root, ensure_ascii=False, separators=(",", ":")).encode()
    header += b" " * (-len(header) % 8)
    stream.write(struct.pack("<Q", len(header)) + header)
    for _, tensor in ordered:
        data = as_bytes(tensor)
        for offset in range(0, len(data), CHUNK):
            stream.write(data[offset : offset + CHUNK])


def read_header(stream: BinaryIO) -> Header:
    """Reads the header of a seekable stream; a file that is shorter or longer than its header says is refused."""
    stream.seek(0, 2)
    size = stream.tell()
    stream.seek(0)
    prefix = stream.read(8)
    length = struct.unpack("<Q", prefix)[0] if len(prefix) == 8 else 0
    if not 2 <= length <= MAX_HEADER_BYTES:
        raise FileRefused(f"This is no safetensors file: its header would be {length} bytes long.")
    text = stream.read(length)
    if len(text) < length:
        raise FileRefused("The file ends within its header: it is cut.")
    try:
        root = json.loads(text.decode(), object_pairs_hook=_unique)
        entries = _entries(root)
        metadata = _metadata(root.get(METADATA))
    except FileRefused:
        raise
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise FileRefused("This is no safetensors file: its header cannot be read.") from error
    promised, found = sum(entry.length for entry in entries.values()), size - 8 - length
    if promised != found:
        raise FileRefused(f"The file has {found} bytes of tensors where its header promises {promised}: it is cut or damaged.")
    return Header(entries, metadata, 8 + length)


def read_tensor(stream: BinaryIO, header: Header, name: str) -> torch.Tensor:
    """Reads one tensor into memory."""
    entry = header.entry(name)
    stream.seek(header.data_start + entry.start)
    if entry.length == 0:
        return torch.empty(entry.shape, dtype=DTYPES[entry.dtype])
    data = bytearray(entry.length)
    if stream.readinto(data) != entry.length:  # type: ignore[attr-defined]
        raise FileRefused(f"The file ends within tensor {name}: it is cut.")
    return torch.frombuffer(data, dtype=DTYPES[entry.dtype]).reshape(entry.shape)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise FileRefused("This is no safetensors file: its header has a name twice.")
    return found


def _metadata(found: Any) -> dict[str, Any] | None:
    if found is None:
        return None
    if not isinstance(found, dict):
        raise ValueError("metadata is no object")
    text = found.get(KEY)
    parsed = None if text is None else json.loads(text)
    return parsed if isinstance(parsed, dict) else None


def _entries(root: dict[str, Any]) -> dict[str, Entry]:
    entries = [_entry(name, about) for name, about in root.items() if name != METADATA]
    entries.sort(key=lambda entry: (entry.start, entry.length))
    following = 0
    for entry in entries:
        if entry.start != following:
            raise FileRefused(f"Tensor {entry.name} begins at {entry.start} and not at {following}: the header is damaged.")
        following += entry.length
    return {entry.name: entry for entry in entries}


def _entry(name: str, about: dict[str, Any]) -> Entry:
    dtype, shape, (start, end) = about["dtype"], about["shape"], about["data_offsets"]
    numbers = [*shape, start, end]
    if dtype not in DTYPES or any(type(number) is not int or number < 0 for number in numbers):
        raise FileRefused(f"Tensor {name} is not described in a way that can be read.")
    length = element_size(dtype)
    for dimension in shape:
        length *= dimension
    if length != end - start:
        raise FileRefused(f"Tensor {name} is {dtype} {shape}, which {end - start} bytes cannot hold.")
    return Entry(name, dtype, tuple(shape), start, length)
