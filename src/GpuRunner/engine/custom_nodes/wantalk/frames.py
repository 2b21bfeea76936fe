"""Decoded frames: checked, turned into 8-bit pictures, and written losslessly (Ut Video in Matroska) through ffmpeg's standard input.

Ut Video: FFV1 files are a sixth smaller, but cost four times the processor to write and to read, more than H.264 itself.
"""

from __future__ import annotations

import subprocess
import tempfile
from math import isfinite
from pathlib import Path

import torch

from . import host
from .errors import FramesInvalid
from .files import PARTIAL, keep_whole

RATE = 25
BLACK = 2
"""A picture of which no value is above this, of 255, is black."""


def check(frames: torch.Tensor, window: int) -> None:
    """Refuses frames [3, n, height, width] that are no numbers, or black."""
    for index in range(frames.shape[1]):
        low, high = (float(value) for value in torch.aminmax(frames[:, index]))
        if not isfinite(low) or not isfinite(high):
            raise FramesInvalid(f"Frame {index} of window {window} has values that are no numbers; try the precision bf16 (base_precision).")
        if high < (BLACK + 0.5) / 127.5 - 1:
            raise FramesInvalid(f"Frame {index} of window {window} is black; try the precision bf16 (base_precision), or another model.")


def to_bytes(frame: torch.Tensor) -> torch.Tensor:
    """One frame [3, height, width], about -1..1, as uint8 [height, width, 3].

    The same arithmetic, in the same types, as in the one-prompt graph: WanVideoDecode in the decoded type, then rounding in float32. Done on
    the device where the frame is, since each of these operations rounds alike on all of them.
    """
    unit = frame.clamp(-1.0, 1.0).add(1.0).div(2.0).float()
    return (unit * 255 + 0.5).clamp(0, 255).to(torch.uint8).permute(1, 2, 0).contiguous()


def write(frames: torch.Tensor, path: Path) -> None:
    """Writes frames [3, n, height, width], one after the other, into a file that is whole or absent. The same frames are the same bytes."""
    _, count, height, width = frames.shape
    partial = path.with_name(path.name + PARTIAL)
    try:
        with tempfile.TemporaryFile() as said:
            process = subprocess.Popen(_command(partial, width, height), stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=said)
            try:
                _feed(process, frames)
            finally:
                code = process.wait()
            said.seek(0)
            text = " ".join(said.read(2000).decode(errors="replace").split())
            # It ends with 0, too, when the end of the file could not be written, as on a disk that is full; whatever it says counts.
            if code != 0 or text:
                raise RuntimeError(f"ffmpeg ended with {code} while it wrote {count} frames to {path.name}: {text}")
        keep_whole(partial, path)
    finally:
        partial.unlink(missing_ok=True)


def _feed(process: subprocess.Popen[bytes], frames: torch.Tensor) -> None:
    assert process.stdin is not None
    try:
        with process.stdin as pipe:
            for index in range(frames.shape[1]):
                pipe.write(memoryview(to_bytes(frames[:, index]).cpu().numpy()).cast("B"))
    except BrokenPipeError:
        pass  # ffmpeg has ended; its exit code and its words say why.
    except BaseException:
        process.kill()
        raise


def _command(path: Path, width: int, height: int) -> list[str]:
    program = host.ffmpeg()
    if program is None:
        raise RuntimeError("ffmpeg is not installed; install it and restart ComfyUI.")
    return [
        program, "-hide_banner", "-nostdin", "-v", "error", "-y",
        "-f", "rawvideo", "-pix_fmt", "rgb24", "-s", f"{width}x{height}", "-r", str(RATE), "-i", "pipe:0",
        "-c:v", "utvideo", "-pred", "median", "-slices", "4", "-threads", "4", "-pix_fmt", "gbrp",
        "-map_metadata", "-1", "-fflags", "+bitexact", "-flags:v", "+bitexact", "-f", "matroska", str(path),
    ]  # fmt: skip
