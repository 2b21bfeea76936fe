"""Audio that is fitted, and conditioning that is kept in files."""

from __future__ import annotations

import math
import os
import tempfile
import unittest
from pathlib import Path
from typing import Any

import support  # noqa: F401 - first: it makes the others importable
import folder_paths
import torch
from wantalk import NODE_CLASS_MAPPINGS, host
from wantalk.conditioning_nodes import rows_of
from wantalk.errors import AudioInvalid, ConditioningInvalid, FileRefused
from wantalk.files import digest
from wantalk.safetensors import read_header, read_tensor, write


def audio(samples: int, rate: int = 16000, channels: int = 2) -> dict[str, Any]:
    return {"waveform": torch.randn(1, channels, samples, generator=torch.Generator().manual_seed(1)), "sample_rate": rate}


class CheckAudioSpecs(unittest.TestCase):
    def check(self, sound: dict[str, Any]) -> dict[str, Any]:
        (given,) = NODE_CLASS_MAPPINGS["WanTalkCheckAudio"]().check(sound)
        return given

    def test_audio_of_numbers_is_handed_on_as_it_is(self) -> None:
        sound = audio(4410, rate=44100)
        before = sound["waveform"].clone()
        self.assertIs(self.check(sound), sound)
        self.assertTrue(torch.equal(sound["waveform"], before))

    def test_silence_is_no_fault(self) -> None:
        self.check({"waveform": torch.zeros(1, 2, 1000), "sample_rate": 44100})

    def test_one_value_that_is_no_number_is_enough_to_be_refused(self) -> None:
        for value in (math.nan, math.inf, -math.inf):
            sound = audio(16000)
            sound["waveform"][0, 1, -1] = value
            with self.subTest(value=value), self.assertRaisesRegex(AudioInvalid, "no numbers.*in which somebody speaks"):
                self.check(sound)

    def test_no_audio_at_all_is_refused(self) -> None:
        with self.assertRaisesRegex(AudioInvalid, r"samples in it, not \[1, 2, 0\]"):
            self.check({"waveform": torch.zeros(1, 2, 0), "sample_rate": 44100})


class FitAudioSpecs(unittest.TestCase):
    def fit(self, sound: dict[str, Any], visible: int) -> tuple[dict[str, Any], int, int]:
        return NODE_CLASS_MAPPINGS["WanTalkFitAudio"]().fit(sound, visible, 81, 9)

    def test_speech_of_seven_seconds_becomes_three_windows(self) -> None:
        sound = audio(7 * 16000)
        fitted, num_frames, expected = self.fit(sound, 175)
        self.assertEqual((num_frames, expected, fitted["sample_rate"]), (226, 225, 16000))
        self.assertEqual(fitted["waveform"].shape, (1, 1, 640 * 225 + 40))
        self.assertTrue(torch.equal(fitted["waveform"][0, 0, :112000], sound["waveform"][0].mean(0)[:112000]))
        self.assertTrue((fitted["waveform"][0, 0, 112000:] == 0).all())

    def test_audio_longer_than_the_plan_is_cut(self) -> None:
        self.assertEqual(self.fit(audio(60 * 16000), 81)[0]["waveform"].shape[-1], 640 * 81 + 40)

    def test_other_rates_are_resampled(self) -> None:
        time = torch.arange(3 * 44100) / 44100
        tone = {"waveform": torch.sin(2 * math.pi * 100 * time).repeat(1, 2, 1), "sample_rate": 44100}
        fitted = self.fit(tone, 75)[0]["waveform"][0, 0, 1000:30000]
        wanted = torch.sin(2 * math.pi * 100 * torch.arange(1000, 30000) / 16000)
        self.assertLess(float((fitted - wanted).abs().max()), 0.05)

    def test_values_that_are_no_numbers_are_refused(self) -> None:
        sound = audio(16000)
        sound["waveform"][0, 1, 5] = float("nan")
        with self.assertRaisesRegex(AudioInvalid, "no numbers"):
            self.fit(sound, 25)

    def test_no_audio_at_all_is_refused(self) -> None:
        with self.assertRaises(AudioInvalid):
            self.fit({"waveform": torch.zeros(1, 2, 0), "sample_rate": 44100}, 25)


class ConditioningSpecs(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(os.path.realpath(folder.name))
        folder_paths.use(self.root)
        self.embeds = {
            "audio_features": [torch.randn(153, 2, 8).half()],
            "audio_scale": 1.0,
            "audio_cfg_scale": 1.5,
            "ref_target_masks": None,
        }
        self.texts = {
            "prompt_embeds": [torch.randn(5, 8).bfloat16() for _ in range(12)],
            "negative_prompt_embeds": [torch.randn(3, 8).bfloat16()],
            "echoshot": False,
        }
        self.clips = {"clip_embeds": torch.randn(1, 7, 8), "negative_clip_embeds": None}

    def save(self, expected: int = 153, prefix: str = "wantalk/talk1/a/conditioning") -> list[dict[str, Any]]:
        node = NODE_CLASS_MAPPINGS["WanTalkSaveConditioning"]()
        return node.save(self.embeds, self.texts, self.clips, expected, prefix)["ui"]["wantalk"]

    def load(self, files: list[dict[str, Any]], **changed: str) -> Any:
        shared, rows = (f"{file['subfolder']}/{file['filename']} [output]" for file in files)
        given = {
            "shared_file": shared,
            "shared_sha256": files[0]["sha256"],
            "audio_file": rows,
            "audio_sha256": files[1]["sha256"],
            **changed,
        }
        return NODE_CLASS_MAPPINGS["WanTalkLoadConditioning"]().load(**given)

    def slice(self, files: list[dict[str, Any]], first: int, end: int) -> str:
        """What a runner uploads for a piece: some rows, and their place in the header."""
        with (self.root / "output" / files[1]["subfolder"] / files[1]["filename"]).open("rb") as stream:
            header = read_header(stream)
            rows = read_tensor(stream, header, "audio")
        with (self.root / "input/slice").open("wb") as stream:
            write(stream, {**(header.metadata or {}), "first_frame": first}, {"audio": rows[first:end]})
        return "slice"

    def test_what_is_saved_is_loaded_bit_for_bit(self) -> None:
        files = self.save()
        self.assertEqual([(file["name"], file["filename"], file["subfolder"], file["type"]) for file in files], [
            ("shared", "conditioning-shared.safetensors", "wantalk/talk1/a", "output"),
            ("audio", "conditioning-audio.safetensors", "wantalk/talk1/a", "output"),
        ])  # fmt: skip
        embeds, texts, clips = self.load(files)
        self.assertTrue(torch.equal(embeds["audio_features"][0], self.embeds["audio_features"][0]))
        self.assertEqual((embeds["audio_scale"], embeds["audio_cfg_scale"], embeds["ref_target_masks"]), (1.0, 1.5, None))
        for key in ("prompt_embeds", "negative_prompt_embeds"):
            self.assertEqual(len(texts[key]), len(self.texts[key]))
            self.assertTrue(all(map(torch.equal, texts[key], self.texts[key])))
        self.assertTrue(torch.equal(clips["clip_embeds"], self.clips["clip_embeds"]))
        self.assertIsNone(clips["negative_clip_embeds"])

    def test_the_headers_say_what_they_are_and_for_which_talk(self) -> None:
        files = self.save()
        for file in files:
            path = self.root / "output" / file["subfolder"] / file["filename"]
            self.assertEqual((digest(path), path.stat().st_size), (file["sha256"], file["bytes"]))
            with path.open("rb") as stream:
                about = read_header(stream).metadata or {}
            self.assertEqual((about["kind"], about["engine"], about["talk"]), (f"{file['name']}_conditioning", "comfyui", "talk1"))
            self.assertRegex(about["conditioning"], "^[0-9a-f]{64}$")
        self.assertEqual((about["first_frame"], about["total_frames"]), (0, 153))

    def test_the_same_conditioning_is_the_same_bytes(self) -> None:
        first = [file["sha256"] for file in self.save()]
        self.assertEqual(first, [file["sha256"] for file in self.save()])

    def test_a_slice_knows_its_place(self) -> None:
        files = self.save()
        embeds = self.load(files, audio_file=self.slice(files, 70, 153), audio_sha256="")[0]
        rows = rows_of(embeds)
        self.assertEqual((rows.first_frame, rows.total_frames, len(rows.rows)), (70, 153, 83))
        self.assertTrue(torch.equal(rows.rows, self.embeds["audio_features"][0][70:]))

    def test_an_embedding_of_another_length_is_refused_and_nothing_is_written(self) -> None:
        with self.assertRaisesRegex(ConditioningInvalid, "153 frames where 225"):
            self.save(225)
        self.assertEqual(list((self.root / "output").rglob("*.safetensors")), [])

    def test_an_embedding_with_values_that_are_no_numbers_is_refused(self) -> None:
        self.embeds["audio_features"][0][7, 1, 3] = float("nan")
        with self.assertRaises(AudioInvalid):
            self.save()

    def test_what_could_not_be_kept_is_refused(self) -> None:
        with self.subTest("two speakers"), self.assertRaises(ConditioningInvalid):
            self.embeds["audio_features"] *= 2
            self.save()
        self.embeds["audio_features"].pop()
        with self.subTest("masks"), self.assertRaises(ConditioningInvalid):
            self.embeds["ref_target_masks"] = torch.ones(1)
            self.save()
        self.embeds["ref_target_masks"] = None
        with self.subTest("other texts"), self.assertRaises(ConditioningInvalid):
            self.texts["nag_prompt_embeds"] = torch.ones(1)
            self.save()

    def test_a_file_that_is_not_the_one_meant_is_refused(self) -> None:
        files = self.save()
        with self.assertRaisesRegex(FileRefused, "not the file that was meant"):
            self.load(files, audio_sha256="0" * 64)

    def test_files_of_two_conditionings_are_not_mixed(self) -> None:
        files = self.save()
        self.texts["prompt_embeds"][0] += 1
        others = self.save(prefix="wantalk/talk2/a/conditioning")
        with self.assertRaisesRegex(FileRefused, "not of the same conditioning"):
            self.load([files[0], others[1]])

    def test_cut_foreign_and_understudy_files_are_refused(self) -> None:
        files = self.save()
        path = host.require_file(f"{files[1]['subfolder']}/{files[1]['filename']} [output]")
        whole = path.read_bytes()
        (self.root / "input/cut").write_bytes(whole[:-1])
        (self.root / "input/foreign").write_bytes(b"RIFF" + bytes(100))
        (self.root / "input/understudy").write_bytes(whole.replace(b"comfyui", b"another"))
        for name, message in (("cut", "cut or damaged"), ("foreign", "no safetensors"), ("understudy", "cannot be mixed")):
            with self.subTest(name=name), self.assertRaisesRegex(FileRefused, message):
                self.load(files, audio_file=name, audio_sha256="")
        with self.assertRaisesRegex(FileRefused, "no audio conditioning"):
            self.load(files, audio_file=f"{files[0]['subfolder']}/{files[0]['filename']} [output]", audio_sha256="")

    def test_a_missing_file_is_told_before_the_graph_is_queued(self) -> None:
        node = NODE_CLASS_MAPPINGS["WanTalkLoadConditioning"]
        self.assertEqual(node.VALIDATE_INPUTS("../x", "y"), "Invalid conditioning file: ../x")
        self.assertTrue(math.isnan(NODE_CLASS_MAPPINGS["WanTalkSaveConditioning"].IS_CHANGED(filename_prefix="x")))


if __name__ == "__main__":
    unittest.main()
