"""The arithmetic of windows, in integers. Frames are counted over the whole talk, 25 a second."""

from __future__ import annotations

from dataclasses import dataclass

FRAMES = 81
"""Frames of a window."""

SHARED = 9
"""Frames that a window shares with the one before: the tail."""

STRIDE = FRAMES - SHARED
"""Frames from one window's beginning to the next one's."""

NEIGHBOURS = 2
"""Frames on each side of a frame that its audio conditioning looks at."""

SAMPLE_RATE = 16_000
SAMPLES_PER_FRAME = 640
SPARE_SAMPLES = 40
"""Keeps the embedding node's floating-point arithmetic from losing a frame."""


def frames_for(visible: int, window: int = FRAMES, shared: int = SHARED) -> int:
    """The frames of as many whole windows as the visible frames need."""
    stride = window - shared
    return stride * max(1, -(-(visible - shared) // stride)) + shared


def window_count(total: int) -> int:
    """The windows in which the wrapper's loop samples an embedding of that many frames."""
    return max(1, -(-(total - SHARED) // STRIDE))


@dataclass(frozen=True)
class Piece:
    """A run of windows that is sampled in one call of the wrapper's loop."""

    first: int
    count: int
    total_frames: int

    @property
    def loop_start(self) -> int:
        """The frame at which the loop is entered: one window early, for the dummy pass, unless the piece begins the talk."""
        return STRIDE * max(0, self.first - 1)

    @property
    def end(self) -> int:
        """The frame behind the last window."""
        return STRIDE * (self.first + self.count - 1) + FRAMES

    @property
    def rows_start(self) -> int:
        """The first row of audio conditioning that matters."""
        return max(0, STRIDE * self.first - NEIGHBOURS)

    @property
    def rows_end(self) -> int:
        """Behind the last row that matters.

        Two rows beyond the last window are also just enough for the loop not to take it for the talk's last and pad it with silence.
        """
        return min(self.total_frames, self.end + NEIGHBOURS)
