"""What the pack asks of ComfyUI: folders, interrupts, messages, devices. Nothing else here imports ComfyUI's modules for that."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import comfy.model_management as management
import folder_paths
import torch
from server import PromptServer

from .errors import FileRefused
from .files import inside, split_annotation


def output_folder() -> Path:
    """Where results go."""
    return Path(folder_paths.get_output_directory())


def folders() -> list[Path | str]:
    """Every folder in which files of a talk may lie."""
    return [folder_paths.get_input_directory(), folder_paths.get_output_directory(), folder_paths.get_temp_directory()]


def find_file(name: str) -> Path | None:
    """The file that a node names: relative to input, or to the folder of an annotation (``x [output]``).

    None if it is missing or outside that folder. (ComfyUI itself follows ``..`` and absolute names; this pack does not.)
    """
    bare, kind = split_annotation(name)
    path = inside(dict(zip(("input", "output", "temp"), folders()))[kind], bare)
    return path if path is not None and path.is_file() else None


def require_file(name: str) -> Path:
    """As :func:`find_file`, or raises."""
    path = find_file(name)
    if path is None:
        raise FileRefused(f"There is no file {name} in the folder that it names.")
    return path


def model_file(category: str, name: str | None) -> Path | None:
    """A model's file, or None."""
    path = folder_paths.get_full_path(category, name) if name else None
    return Path(path) if path else None


def raise_if_interrupted() -> None:
    """Raises ComfyUI's own exception if somebody interrupted the prompt."""
    management.throw_exception_if_processing_interrupted()


def offload_device() -> torch.device:
    """Where models rest while they are not needed."""
    return management.unet_offload_device()


def vram_total() -> int:
    """GPU memory in bytes; 0 without a GPU."""
    device = management.get_torch_device()
    return 0 if device.type == "cpu" else int(management.get_total_memory(device))


def send(event: str, node: str | None, about: dict[str, Any]) -> None:
    """Sends a message about the running prompt to the client that asked for it; to nobody if it did not say who it is."""
    server = PromptServer.instance
    if server.client_id is not None:
        server.send_sync(event, {"prompt_id": getattr(server, "last_prompt_id", None), "node": node, **about}, server.client_id)


def ffmpeg() -> str | None:
    """The ffmpeg to use: the system's, else the one that the video nodes' packages bring."""
    found = shutil.which("ffmpeg")
    if found is not None:
        return found
    try:
        from imageio_ffmpeg import get_ffmpeg_exe
    except ImportError:
        return None
    return get_ffmpeg_exe()
