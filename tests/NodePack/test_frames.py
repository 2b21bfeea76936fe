"""Frames: lossless, always the same bytes, and never black or without numbers."""

from __future__ import annotations

import subprocess
import tempfile
import unittest
from pathlib import Path

import support  # noqa: F401
import torch
from wantalk import frames
from wantalk.errors import FramesInvalid


def video(dtype: torch.dtype = torch.bfloat16) -> torch.Tensor:
    return (torch.randn(3, 11, 48, 32, generator=torch.Generator().manual_seed(1)) * 0.7).to(dtype)


def decode(path: Path, width: int, height: int) -> torch.Tensor:
    """[n, height, width, 3] uint8."""
    command = ["ffmpeg", "-v", "error", "-i", str(path), "-f", "rawvideo", "-pix_fmt", "rgb24", "pipe:1"]
    data = bytearray(subprocess.run(command, check=True, capture_output=True).stdout)
    return torch.frombuffer(data, dtype=torch.uint8).reshape(-1, height, width, 3)


class FrameSpecs(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def test_what_is_written_is_read_back_in_every_value(self) -> None:
        for dtype in (torch.bfloat16, torch.float16, torch.float32):
            made = video(dtype) if dtype != torch.float16 else video(torch.float32)
            frames.write(made, self.folder / "a.mkv")
            # As the one-prompt graph's nodes do it: all frames at once, in the decoded type, then rounded in float32.
            images = made.permute(1, 2, 3, 0).clone().clamp_(-1, 1).add_(1).div_(2).float()
            wanted = (images * 255 + 0.5).clamp(0, 255).to(torch.uint8)
            self.assertTrue(torch.equal(decode(self.folder / "a.mkv", 32, 48), wanted))
        self.assertEqual([entry.name for entry in self.folder.iterdir()], ["a.mkv"])

    def test_the_same_frames_are_the_same_bytes(self) -> None:
        frames.write(video(), self.folder / "a.mkv")
        frames.write(video(), self.folder / "b.mkv")
        self.assertEqual((self.folder / "a.mkv").read_bytes(), (self.folder / "b.mkv").read_bytes())

    def test_black_frames_and_frames_without_numbers_are_refused(self) -> None:
        for dtype in (torch.bfloat16, torch.float32):
            for value, message in (
                (float("nan"), "no numbers"),
                (float("inf"), "no numbers"),
                (-1.0, "black"),
                (-1.7, "black"),
                (-0.985, "black"),
            ):
                for index in (0, 10):
                    spoilt = video(dtype)
                    spoilt[:, index] = value
                    with self.subTest(dtype=dtype, value=value, index=index), self.assertRaisesRegex(
                        FramesInvalid, f"Frame {index} .*{message}"
                    ):
                        frames.check(spoilt, 3)
        spoilt = video()
        spoilt[2, 4, 5, 6] = float("nan")
        with self.assertRaisesRegex(FramesInvalid, "Frame 4 of window 3"):
            frames.check(spoilt, 3)

    def test_a_dark_frame_is_not_black(self) -> None:
        dark = torch.full((3, 2, 16, 16), -1.0)
        dark[0, :, 3, 3] = -0.9
        frames.check(dark, 0)

    def test_an_ffmpeg_that_fails_says_why_and_leaves_nothing(self) -> None:
        with self.assertRaisesRegex(RuntimeError, "ffmpeg ended with .*No such file"):
            frames.write(video(), self.folder / "missing/a.mkv")
        frames.write(video(), self.folder / "a.mkv")
        self.assertEqual([entry.name for entry in self.folder.iterdir()], ["a.mkv"])


if __name__ == "__main__":
    unittest.main()
