"""Cut at windows, a talk is bit for bit what it is uncut: with the stand-in's loop, and with the wrapper's own where its sources are."""

from __future__ import annotations

import os
import tempfile
import unittest
from dataclasses import replace
from pathlib import Path
from typing import Any

import support  # noqa: F401
import torch
from standin.wrapper.nodes_sampler import WanVideoSampler
from support import real_wrapper
from support.talks import Result, Talk, sample_cut, sample_uncut
from wantalk.loop import Carry

LENGTHS = (40, 80, 81, 82, 83, 152, 153, 154, 161, 225, 226, 297)
"""Embedding frames: within one window, at, before and behind the ends of 1, 2, 3 and 4 windows, and at a multiple of 72 plus 9 and 17."""

COUNTS = ([1], [2], [2, 1])


class Equality:
    """The promises, whatever wrapper they are tried with."""

    lengths = LENGTHS
    schedulers = ("flowmatch_distill", "lcm")

    def sampler(self) -> type:
        raise NotImplementedError

    def talk(self, frames: int, **about: Any) -> Talk:
        return Talk(frames, **about)

    def cut(self, talk: Talk, counts: list[int], spoil: Any = None) -> Result:
        with tempfile.TemporaryDirectory() as folder:
            return sample_cut(self.sampler(), talk, counts, Path(folder), spoil)

    def check(self, scheduler: str, dtype: torch.dtype) -> None:
        for frames in self.lengths:
            self.check_one(self.talk(frames, scheduler=scheduler, dtype=dtype))

    def check_one(self, talk: Talk) -> Result:
        uncut = sample_uncut(self.sampler(), talk)
        self.assertEqual(uncut.frames.shape[1], 72 * talk.windows + 9)
        for counts in COUNTS:
            with self.subTest(talk=talk, counts=counts):
                self.assertTrue(self.cut(talk, counts).equals(uncut))
        return uncut

    def test_a_scheduler_without_noise_in_fp32(self) -> None:
        self.check(self.schedulers[0], torch.float32)

    def test_a_scheduler_without_noise_in_bf16(self) -> None:
        self.check(self.schedulers[0], torch.bfloat16)

    def test_a_stochastic_scheduler_in_fp32(self) -> None:
        self.check(self.schedulers[1], torch.float32)

    def test_a_stochastic_scheduler_in_bf16(self) -> None:
        self.check(self.schedulers[1], torch.bfloat16)

    def test_prompts_for_each_window(self) -> None:
        for prompts in (2, 3, 6):
            talk = self.talk(297, prompts=prompts)
            uncut = self.check_one(talk)
            self.assertFalse(uncut.equals(sample_uncut(self.sampler(), replace(talk, prompts=1))))

    def test_another_seed_is_another_video(self) -> None:
        talk = self.talk(153)
        self.assertFalse(sample_uncut(self.sampler(), talk).equals(sample_uncut(self.sampler(), replace(talk, seed=8))))

    def spoilt(self, spoil: Any, **about: Any) -> None:
        talk = self.talk(153, **about)
        uncut, spoilt = sample_uncut(self.sampler(), talk), self.cut(talk, [1], spoil)
        self.assertTrue(torch.equal(spoilt.frames[:, :81], uncut.frames[:, :81]))
        self.assertFalse(torch.equal(spoilt.frames[:, 81:], uncut.frames[:, 81:]))

    def test_one_changed_value_of_the_tail_is_seen(self) -> None:
        def spoil(carry: Carry) -> Carry:
            carry.tail[1, 4, 3, 2] += 0.5
            return carry

        self.spoilt(spoil)

    def test_a_tail_of_8_bits_is_seen(self) -> None:
        def spoil(carry: Carry) -> Carry:
            pictures = ((carry.tail.clamp(-1, 1) + 1) * 127.5).round()
            return replace(carry, tail=(pictures / 127.5 - 1).to(carry.tail.dtype))

        self.spoilt(spoil)

    def test_another_state_of_the_generator_is_seen(self) -> None:
        self.spoilt(lambda carry: replace(carry, generator=torch.Generator().manual_seed(7).get_state()))

    def test_one_changed_row_of_audio_is_seen(self) -> None:
        class Louder(Talk):
            def rows(self) -> torch.Tensor:
                rows = super().rows()
                rows[82] += 1
                return rows

        talk, louder = self.talk(153), Louder(**self.talk(153).__dict__)
        quiet, loud = sample_uncut(self.sampler(), talk), self.cut(louder, [1])
        self.assertFalse(torch.equal(quiet.frames[:, :81], loud.frames[:, :81]), "row 82 is a neighbour of frame 80")
        self.assertFalse(torch.equal(quiet.frames[:, 81:], loud.frames[:, 81:]))


class StandInEquality(Equality, unittest.TestCase):
    """Against the stand-in."""

    def sampler(self) -> type:
        return WanVideoSampler


@unittest.skipUnless(real_wrapper.path(), f"{real_wrapper.VARIABLE} names no folder with the wrapper's sources")
class RealEquality(Equality, unittest.TestCase):
    """Against the wrapper's own sampler, loop and schedulers."""

    schedulers = ("flowmatch_distill", "er_sde")

    def sampler(self) -> type:
        return real_wrapper.load()

    def test_every_other_scheduler_that_runs_here(self) -> None:
        for scheduler in ("lcm", "dpm++", "dpm++_sde", "unipc", "res_multistep", "rcm", "sa_ode_stable", "flowmatch_causvid", "multitalk"):
            self.check_one(self.talk(226, scheduler=scheduler, dtype=torch.bfloat16))

    def test_further_settings(self) -> None:
        for about in ({"cfg": 2.0}, {"audio_cfg": 2.0}, {"cfg": 3.0, "audio_cfg": 2.0}, {"offload": True}):
            self.check_one(self.talk(226, scheduler="er_sde", dtype=torch.bfloat16, **about))

    def talk(self, frames: int, **about: Any) -> Talk:
        # The real canned silence is [90, 12, 768].
        return Talk(frames, **{"layers": 12, "dimensions": 768, **about})


if __name__ == "__main__":
    unittest.main(verbosity=2 if os.environ.get("CI") else 1)
