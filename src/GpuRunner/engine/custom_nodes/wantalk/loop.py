"""Drives the wrapper's own window loop so that it samples some windows and no others, without changing a number.

The loop is called unchanged, with some of its arguments substituted. What one of its windows leaves to the next is the tail (the last
frames as decoded, before clamping, in the decoder's type), the random generator's state, and a count that chooses among several prompts.

* The VAE is stood in for by :class:`_Vae`, which sees each decoded window. The loop itself uses of it only the tail, so only the tail is
  handed on, always in the same memory: frames are not held beyond their window, however many windows follow.
* A piece that does not begin the talk is entered one window early. That first pass is a dummy: nothing is predicted or encoded, the saved
  tail is "decoded", and the generator is set to the saved state. The second pass then is the piece's first window.
* Behind the piece's last window the loop is left by an exception of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch

from .windows import SHARED, Piece

LATENT_CHANNELS = 16
SPATIAL = 8
TEMPORAL = 4


@dataclass(frozen=True)
class Carry:
    """What a window leaves to the next one.

    tail: [3, 9, height, width], on the CPU, about -1..1, in the type that the VAE decodes to.
    generator: the state of the sampler's CPU generator, uint8 [5056].
    """

    tail: torch.Tensor
    generator: torch.Tensor


Sink = Callable[[int, torch.Tensor, Carry], None]
"""Takes a window: its index, its frames [3, 81, height, width] as and where they were decoded, and what it leaves to the next."""


class _PieceDone(Exception):
    """The piece's last window was taken; the loop is left here."""


class WindowLoop:
    """Stands in the place of the wrapper's loop for one call.

    loop: the wrapper's own.
    piece: the windows; before: what the window before the first one left, None if there is none.
    take: is given each window as soon as it is decoded, before the next is begun.
    """

    def __init__(self, loop: Callable[..., Any], piece: Piece, before: Carry | None, take: Sink) -> None:
        if (before is None) != (piece.first == 0):
            raise ValueError("Exactly the first window of a talk has no window before it.")
        self._loop, self._piece, self._before, self._take = loop, piece, before, take
        self.finished = False

    def __call__(self, /, **arguments: Any) -> tuple[dict[str, None]]:
        """Takes what the sampler calls the loop with: all its local variables, the one named ``self`` too."""
        vae = _Vae(arguments["vae"], self._piece, self._before, self._take, arguments["seed_g"])
        predict = arguments["predict_with_cfg"]

        def predict_unless_dummy(latent: torch.Tensor, *rest: Any, **named: Any) -> Any:
            if vae.in_dummy_pass:
                return torch.zeros_like(latent), None, named.get("cache_state")
            return predict(latent, *rest, **named)

        arguments |= {
            "vae": vae,
            "predict_with_cfg": predict_unless_dummy,
            "text_embeds": _prompts_from(arguments["text_embeds"], max(0, self._piece.first - 1)),
        }
        try:
            self._loop(**arguments)
        except _PieceDone:
            self.finished = True
        if not self.finished:
            raise RuntimeError(f"The wrapper's loop ended before window {vae.window}; it counts windows otherwise than this pack.")
        return ({"video": None},)


class _Vae:
    """The VAE as the loop sees it; everything not said here is the real one's."""

    def __init__(self, vae: Any, piece: Piece, before: Carry | None, take: Sink, generator: torch.Generator) -> None:
        self._vae, self._piece, self._before, self._take, self._generator = vae, piece, before, take, generator
        self._shared: torch.Tensor | None = None
        self.window = piece.first
        self.in_dummy_pass = before is not None

    def __getattr__(self, name: str) -> Any:
        return getattr(self._vae, name)

    def to(self, *args: Any, **kwargs: Any) -> _Vae:
        """Moves the real one."""
        self._vae.to(*args, **kwargs)
        return self

    def encode(self, videos: torch.Tensor, device: Any, **options: Any) -> torch.Tensor:
        """[1, 3, frames, height, width] to [1, 16, 1 + (frames - 1) / 4, height / 8, width / 8]."""
        if not self.in_dummy_pass:
            return self._vae.encode(videos, device=device, **options)
        batch, _, frames, height, width = videos.shape
        shape = (batch, LATENT_CHANNELS, (frames - 1) // TEMPORAL + 1, height // SPATIAL, width // SPATIAL)
        return torch.zeros(shape, device=device)

    def decode(self, latents: torch.Tensor, device: Any, **options: Any) -> list[torch.Tensor]:
        """Decodes a window, hands it over, and gives the loop what it goes on with: [3, 9, height, width]."""
        if self.in_dummy_pass:
            assert self._before is not None
            self.in_dummy_pass = False
            self._generator.set_state(self._before.generator)
            return [self._hand_on(self._before.tail)]
        frames = self._vae.decode(latents, device=device, **options)[0]
        carry = Carry(frames[:, -SHARED:].cpu().clone(), self._generator.get_state())
        self._take(self.window, frames, carry)
        self.window += 1
        if self.window == self._piece.first + self._piece.count:
            raise _PieceDone
        return [self._hand_on(carry.tail)]

    def _hand_on(self, tail: torch.Tensor) -> torch.Tensor:
        if self._shared is None:
            self._shared = torch.empty_like(tail)
        return self._shared.copy_(tail)


def _prompts_from(text_embeds: dict[str, Any], window: int) -> dict[str, Any]:
    """The texts as a loop needs them whose first pass is that window: pass i takes prompt min(i, last)."""
    prompts = text_embeds.get("prompt_embeds") or []
    return {**text_embeds, "prompt_embeds": prompts[min(window, len(prompts) - 1) :]} if len(prompts) > 1 else text_embeds


def local_rows(rows: torch.Tensor, first_frame: int, piece: Piece) -> torch.Tensor:
    """The audio rows as the loop needs them for a piece: its row 0 is the frame at which the loop is entered.

    rows: [frames, layers, dimensions], of which row 0 is ``first_frame``. What only the dummy pass would hear is zero.
    """
    begin = max(piece.rows_start, piece.loop_start)
    wanted = rows[begin - first_frame : piece.rows_end - first_frame]
    silent = rows.new_zeros((begin - piece.loop_start, *rows.shape[1:]))
    return torch.cat([silent, wanted])
