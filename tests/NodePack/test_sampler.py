"""The sampler node as a prompt runs it: files, messages, reuse, interrupts, and what it refuses before any work is done."""

from __future__ import annotations

import os
import tempfile
import unittest
from pathlib import Path
from typing import Any

import support  # noqa: F401 - first: it makes the others importable
import comfy.model_management as management
import folder_paths
import nodes
import torch
from server import PromptServer
from standin.wrapper import nodes_sampler
from standin.wrapper.nodes_sampler import WanVideoSampler
from support import real_wrapper
from support.talks import SIZE, Talk, sample_uncut
from support.tiny import TinyVae, patcher
from test_frames import decode
from wantalk import NODE_CLASS_MAPPINGS
from wantalk.conditioning import AudioRows
from wantalk.conditioning_nodes import ROWS
from wantalk.errors import ConditioningInvalid, FileRefused, FramesInvalid
from wantalk.files import digest
from wantalk.safetensors import read_header, read_tensor, write
from wantalk.windows import Piece

TALK = Talk(297, scheduler="lcm", dtype=torch.bfloat16)


class Bench(unittest.TestCase):
    """A ComfyUI with a wrapper, and a talk of four windows."""

    talk = TALK

    def sampler(self) -> type:
        return WanVideoSampler

    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(os.path.realpath(folder.name))
        folder_paths.use(self.root)
        nodes.NODE_CLASS_MAPPINGS["WanVideoSampler"] = self.sampler()
        self.addCleanup(nodes.NODE_CLASS_MAPPINGS.pop, "WanVideoSampler")
        PromptServer.instance.sent.clear()
        self.vae = TinyVae(self.talk.dtype)
        self.model = patcher(self.talk.dtype, self.talk.layers, self.talk.dimensions)

    def embeds(self, first: int, count: int, total: int = TALK.frames) -> dict[str, Any]:
        piece = Piece(first, count, total)
        rows = self.talk.rows()[piece.rows_start : piece.rows_end]
        return {ROWS: AudioRows(rows, piece.rows_start, total, 1.0, 1.0, "c" * 64, "talk1")}

    def sample(
        self, first: int, count: int, checkpoint: str = "", prefix: str = "wantalk/talk1/a/w", **changed: Any
    ) -> list[dict[str, Any]]:
        given = {
            "model": self.model, "image_embeds": self.talk.image(self.vae), "text_embeds": self.talk.texts(),
            "multitalk_embeds": self.embeds(first, count),
            "window_index": first, "window_count": count, "checkpoint_in": checkpoint, "filename_prefix": prefix,
            "unique_id": "213", "prompt": {}, **self.talk.options(), **changed,
        }  # fmt: skip
        with torch.inference_mode():
            return NODE_CLASS_MAPPINGS["WanTalkWindowSampler"]().sample(**given)["ui"]["wantalk"]

    def path(self, file: dict[str, Any]) -> Path:
        return self.root / "output" / file["subfolder"] / file["filename"]

    def named(self, file: dict[str, Any]) -> str:
        return f"{file['subfolder']}/{file['filename']} [output]"

    def shas(self, files: list[dict[str, Any]]) -> list[str]:
        return [file["sha256"] for file in files]

    def calls(self) -> int:
        return self.model.model.diffusion_model.calls

    def refused(self, message: str, *args: Any, kind: type[Exception] = ValueError, **kwargs: Any) -> None:
        with self.subTest(message=message), self.assertRaisesRegex(kind, message):
            self.sample(*args, **kwargs)
        self.assertEqual(self.calls(), self.before)

    def check_pieces(self) -> None:
        uncut = self.sample(0, 4)
        first = self.sample(0, 1, prefix="wantalk/talk1/b/w")
        middle = self.sample(1, 2, self.named(first[1]), prefix="wantalk/talk1/b/w")
        last = self.sample(3, 1, self.named(middle[3]), prefix="wantalk/talk1/b/w")
        self.assertEqual(self.shas(uncut), self.shas(first + middle + last))

    def check_frames(self) -> None:
        uncut = sample_uncut(self.sampler(), self.talk).frames.permute(1, 2, 3, 0)
        wanted = (uncut.clamp(-1, 1).add(1).div(2).float() * 255 + 0.5).clamp(0, 255).to(torch.uint8)
        parts = [decode(self.path(file), SIZE, SIZE) for file in self.sample(0, 4) if file["name"] == "frames"]
        self.assertEqual([len(part) for part in parts], [81] * 4)
        self.assertTrue(torch.equal(torch.cat([parts[0], *(part[9:] for part in parts[1:])]), wanted))


@unittest.skipUnless(real_wrapper.path(), f"{real_wrapper.VARIABLE} names no folder with the wrapper's sources")
class RealSamplerSpecs(Bench):
    """With the wrapper's own sampler, loop and schedulers."""

    talk = Talk(297, scheduler="er_sde", dtype=torch.bfloat16, layers=12, dimensions=768)

    def sampler(self) -> type:
        return real_wrapper.load()

    def test_pieces_write_the_very_files_that_one_piece_writes(self) -> None:
        self.check_pieces()

    def test_the_frames_are_the_wrappers_own(self) -> None:
        self.check_frames()


class SamplerSpecs(Bench):
    """With the stand-in."""

    def test_pieces_write_the_very_files_that_one_piece_writes(self) -> None:
        self.check_pieces()

    def test_the_frames_are_the_wrappers_own(self) -> None:
        self.check_frames()

    def test_the_files_are_named_and_told_window_by_window(self) -> None:
        files = self.sample(0, 2)
        self.assertEqual([(file["name"], file["filename"], file["window"]) for file in files], [
            ("frames", "w-0000.mkv", 0), ("checkpoint", "w-0000.checkpoint.safetensors", 0),
            ("frames", "w-0001.mkv", 1), ("checkpoint", "w-0001.checkpoint.safetensors", 1),
        ])  # fmt: skip
        for file in files:
            self.assertEqual((digest(self.path(file)), self.path(file).stat().st_size), (file["sha256"], file["bytes"]))
        sent = PromptServer.instance.sent
        self.assertEqual([event[0] for event in sent], ["wantalk.window"] * 2)
        self.assertEqual(sent[1], ("wantalk.window", {"prompt_id": "prompt", "node": "213", "window": 1, "files": files[2:]}, "client"))
        self.assertEqual({entry.name for entry in self.path(files[0]).parent.iterdir()}, {file["filename"] for file in files})

    def test_a_checkpoint_says_what_it_is_and_what_it_grew_from(self) -> None:
        files = self.sample(0, 2)
        with self.path(files[3]).open("rb") as stream:
            header = read_header(stream)
        about = header.metadata or {}
        self.assertEqual((about["kind"], about["engine"], about["talk"], about["window"]), ("checkpoint", "comfyui", "talk1", 1))
        self.assertEqual((about["parent"], about["frames_sha256"]), (files[1]["sha256"], files[2]["sha256"]))
        self.assertEqual((header.entry("tail").dtype, header.entry("tail").shape), ("BF16", (3, 9, SIZE, SIZE)))
        self.assertEqual(header.entry("generator").length, 5056)
        self.assertEqual(about["settings"]["blocks_to_swap"], 0)

    def test_whole_windows_are_not_sampled_again(self) -> None:
        made = self.sample(0, 3)
        calls = self.calls()
        self.assertEqual(self.sample(0, 3), made)
        self.assertEqual(self.calls(), calls)
        self.assertEqual(len(PromptServer.instance.sent), 6)

    def test_a_window_whose_files_are_missing_or_damaged_is_sampled_again(self) -> None:
        made = self.sample(0, 3)
        steps = self.calls() // 3
        self.path(made[4]).unlink()
        self.assertEqual(self.shas(self.sample(0, 3)), self.shas(made))
        self.assertEqual(self.calls(), 4 * steps)
        self.path(made[3]).write_bytes(self.path(made[3]).read_bytes()[:-1])
        self.assertEqual(self.shas(self.sample(0, 3)), self.shas(made))
        self.assertEqual(self.calls(), 6 * steps)

    def test_files_of_other_work_are_not_taken_for_this_works(self) -> None:
        first = self.shas(self.sample(0, 1))
        self.assertNotEqual(first[0], self.shas(self.sample(0, 1, seed=8))[0])

    def test_an_interrupt_is_honoured_when_the_window_is_whole(self) -> None:
        told = PromptServer.instance.send_sync

        def interrupt(event: str, data: dict[str, Any], sid: str | None = None) -> None:
            told(event, data, sid)
            management.interrupt()

        PromptServer.instance.send_sync = interrupt  # type: ignore[method-assign]
        self.addCleanup(setattr, PromptServer.instance, "send_sync", told)
        with self.assertRaises(management.InterruptProcessingException):
            self.sample(0, 3)
        PromptServer.instance.send_sync = told  # type: ignore[method-assign]
        names = sorted(entry.name for entry in (self.root / "output/wantalk/talk1/a").iterdir())
        self.assertEqual(names, ["w-0000.checkpoint.safetensors", "w-0000.mkv"])
        steps = self.calls()
        interrupted = self.sample(0, 3)
        self.assertEqual(self.calls(), 3 * steps)
        self.assertEqual(self.shas(interrupted), self.shas(self.sample(0, 3, prefix="wantalk/talk1/b/w")))

    def test_black_frames_end_the_prompt_and_leave_no_checkpoint(self) -> None:
        for value in (float("nan"), -1.0):
            self.vae.spoil = {40: value}
            with self.subTest(value=value), self.assertRaises(FramesInvalid):
                self.sample(0, 2)
            self.assertEqual(list((self.root / "output/wantalk/talk1/a").iterdir()), [])

    def test_the_loop_is_the_wrappers_again_whatever_happens(self) -> None:
        loop = nodes_sampler.multitalk_loop
        self.vae.spoil = {0: -1.0}
        with self.assertRaises(FramesInvalid):
            self.sample(0, 1)
        self.vae.spoil = {}
        self.sample(0, 1)
        self.assertIs(nodes_sampler.multitalk_loop, loop)

    def test_only_a_windows_own_frames_are_held(self) -> None:
        self.sample(0, 1)
        held: list[int] = []
        real = nodes_sampler.multitalk_loop

        def look(**arguments: Any) -> Any:
            vae = arguments["vae"]
            decode_one = vae.decode

            def decode_and_look(*args: Any, **kwargs: Any) -> Any:
                given = decode_one(*args, **kwargs)
                held.append(given[0].shape[1])
                addresses.add(given[0].data_ptr())
                return given

            vae.decode = decode_and_look
            return real(**arguments)

        addresses: set[int] = set()
        nodes_sampler.multitalk_loop = look
        self.addCleanup(setattr, nodes_sampler, "multitalk_loop", real)
        self.sample(0, 4, prefix="wantalk/talk1/c/w")
        self.assertEqual((held, len(addresses)), ([9, 9, 9], 1))

    def test_what_cannot_be_sampled_is_refused_before_any_work(self) -> None:
        self.before = 0
        image = TALK.image(self.vae)
        for message, changed in (
            ("colormatch", {"colormatch": "mkl"}), ("81 frames and share 9", {"motion_frame": 25}),
            ("exactly one picture", {"multitalk_start_image": None}),
            ("exactly one picture", {"multitalk_start_image": torch.zeros(1, 3, 2, SIZE, SIZE)}), ("multiple of 16", {
                "target_w": 24, "multitalk_start_image": torch.zeros(1, 3, 1, SIZE, 24)}),
            ("mode infinitetalk", {"multitalk_mode": "multitalk"}), ("output_path", {"output_path": "x"}),
            ("image_embeds have portrait_embeds", {"portrait_embeds": {"adapter_proj": 1}}),
        ):  # fmt: skip
            self.refused(message, 0, 1, image_embeds={**image, **changed})
        self.refused("needs 4 steps", 0, 1, scheduler="flowmatch_distill", steps=6)
        self.refused("no whole windows", 0, 1, kind=ConditioningInvalid, multitalk_embeds=self.embeds(0, 1, 200))
        self.refused("but the talk has 297", 3, 2, kind=ConditioningInvalid)
        self.refused("are needed, but the file holds", 0, 2, kind=ConditioningInvalid, multitalk_embeds=self.embeds(0, 1))
        self.refused("must come from WanTalkLoadConditioning", 0, 1, multitalk_embeds={"audio_features": []})
        self.refused("must be empty", 0, 1, "x")
        self.refused("needs the checkpoint of window 0", 1, 1)
        self.refused("no file x", 1, 1, "x", kind=FileRefused)
        self.refused("outside the output folder", 0, 1, prefix="../w")

    def test_a_checkpoint_of_other_work_is_refused_before_any_work(self) -> None:
        made = self.sample(0, 2)
        self.before = self.calls()
        given = self.named(made[1])
        self.refused("its seed is 7 and not 8", 1, 1, given, kind=FileRefused, seed=8)
        self.refused("its cfg is", 1, 1, given, kind=FileRefused, cfg=2.0)
        self.refused("its scheduler is", 1, 1, given, kind=FileRefused, scheduler="flowmatch_distill")
        self.refused("checkpoint of window 0 and not of window 1", 2, 1, given, kind=FileRefused)
        embeds = self.embeds(1, 1)
        embeds[ROWS] = AudioRows(**{**embeds[ROWS].__dict__, "conditioning": "d" * 64})
        self.refused("its conditioning is", 1, 1, given, kind=FileRefused, multitalk_embeds=embeds)
        other = Talk(297, seed=1)
        other_image = {**TALK.image(self.vae), "multitalk_start_image": other.random(99, 1, 3, 1, SIZE, SIZE)}
        self.refused("its portrait is", 1, 1, given, kind=FileRefused, image_embeds=other_image)
        self.model.model["lora"] = [{"name": "another", "path": None, "strength": 1.0}]
        self.refused("its loras is", 1, 1, given, kind=FileRefused)

    def test_settings_that_only_trade_memory_for_time_do_not_matter(self) -> None:
        made = self.sample(0, 2)
        self.model.model_options["transformer_options"]["block_swap_args"] = {"blocks_to_swap": 20}
        again = self.sample(1, 1, self.named(made[1]), prefix="wantalk/talk1/b/w", image_embeds={**TALK.image(self.vae), "tiled_vae": True})
        self.assertEqual(again[0]["sha256"], made[2]["sha256"])
        with self.path(again[1]).open("rb") as stream:
            settings = (read_header(stream).metadata or {})["settings"]
        self.assertEqual((settings["blocks_to_swap"], settings["tiled_vae"]), (20, True))

    def test_a_damaged_checkpoint_is_refused(self) -> None:
        made = self.sample(0, 1)
        self.before = self.calls()
        path = self.path(made[1])
        whole = path.read_bytes()
        with path.open("rb") as stream:
            header = read_header(stream)
            tensors = {name: read_tensor(stream, header, name) for name in header.entries}
        path.write_bytes(whole[:-1])
        self.refused("cut or damaged", 1, 1, self.named(made[1]), kind=FileRefused)
        for name, spoilt, message in (
            ("tail", tensors["tail"][:, :8], "no tail of 9 frames"),
            ("tail", tensors["tail"].mul(float("nan")), "no numbers"),
            ("tail", tensors["tail"].char(), "no tail of 9 frames"),
            ("generator", tensors["generator"][:-1], "random generator"),
        ):
            with path.open("wb") as stream:
                write(stream, header.metadata or {}, {**tensors, name: spoilt})
            self.refused(message, 1, 1, self.named(made[1]), kind=FileRefused)


if __name__ == "__main__":
    unittest.main()
