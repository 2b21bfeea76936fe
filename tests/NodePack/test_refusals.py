"""Under which name each refusal reaches a client. The understudy's specifications hold it to the same table: refusals.json."""

from __future__ import annotations

import json
import unittest
from collections.abc import Callable
from pathlib import Path
from typing import Any

import support  # noqa: F401 - first: it makes the others importable
import torch
from support import HERE
from test_sampler import TALK, Bench
from wantalk import NODE_CLASS_MAPPINGS
from wantalk.safetensors import read_header, read_tensor, write

TABLE = json.loads((HERE / "refusals.json").read_text())
NAN = float("nan")


def reported(kind: type[Exception]) -> str:
    """As ComfyUI names an exception's type in ``execution_error``."""
    return kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"


def node(name: str) -> Any:
    return NODE_CLASS_MAPPINGS[name]()


def sound(samples: int, value: float = 0.5) -> dict[str, Any]:
    return {"waveform": torch.full((1, 2, samples), value), "sample_rate": 16000}


class RefusalSpecs(Bench):
    def test_each_refusal_has_its_type(self) -> None:
        cases = self.cases()
        self.assertEqual(list(cases), list(TABLE))
        for name, refused in cases.items():
            with self.subTest(name), self.assertRaises(Exception) as raised:
                refused()
            self.assertEqual((name, reported(type(raised.exception))), (name, TABLE[name]))

    def cases(self) -> dict[str, Callable[[], Any]]:
        check, fit = node("WanTalkCheckAudio").check, node("WanTalkFitAudio").fit
        return {
            "check: no samples": lambda: check(sound(0)),
            "check: values that are no numbers": lambda: check(sound(99, NAN)),
            "fit: no samples": lambda: fit(sound(0), 81, 81, 9),
            "fit: values that are no numbers": lambda: fit(sound(99, NAN), 81, 81, 9),
            "fit: windows that share all of their frames": lambda: fit(sound(99), 81, 81, 81),
            "save: an embedding of another length": lambda: self.save("t", expected=225),
            "save: an embedding that is no numbers": lambda: self.save("t", rows=NAN),
            **self.loads(),
            **self.windows(),
        }

    def loads(self) -> dict[str, Callable[[], Any]]:
        shared, rows = self.save("t1")
        foreign = self.save("t2", texts=2.0)[1]
        whole = self.path(rows).read_bytes()
        (self.root / "input/cut").write_bytes(whole[:-1])
        with self.path(rows).open("rb") as stream:
            header = read_header(stream)
            tensor = read_tensor(stream, header, "audio")
        about = header.metadata or {}
        for name, first, values in (("late", 1, tensor), ("nan", 0, tensor * NAN)):
            with (self.root / "input" / name).open("wb") as stream:
                write(stream, {**about, "first_frame": first}, {"audio": values})

        def load(audio: str, digest: str = "") -> Callable[[], Any]:
            return lambda: node("WanTalkLoadConditioning").load(self.named(shared), "", audio, digest)

        return {
            "load: not the file that was meant": load(self.named(rows), "0" * 64),
            "load: a cut file": load("cut"),
            "load: files of two talks": load(self.named(foreign)),
            "load: more rows than the talk has": load("late"),
            "load: rows that are no numbers": load("nan"),
        }

    def windows(self) -> dict[str, Callable[[], Any]]:
        made = self.sample(0, 1)
        checkpoint = self.named(made[1])
        cut = Path(str(self.path(made[1])) + ".cut")
        cut.write_bytes(self.path(made[1]).read_bytes()[:-1])

        def spoilt(value: float) -> Callable[[], Any]:
            def sample() -> Any:
                self.vae.spoil = {0: value}
                return self.sample(0, 1, prefix="wantalk/talk1/b/w")

            return sample

        return {
            "window: a scheduler with other steps": lambda: self.sample(0, 1, scheduler="flowmatch_distill", steps=6),
            "window: colours that are matched": lambda: self.sample(
                0, 1, image_embeds={**TALK.image(self.vae), "colormatch": "mkl"}
            ),
            "window: a talk of no whole windows": lambda: self.sample(0, 1, multitalk_embeds=self.embeds(0, 1, 200)),
            "window: behind the talk's end": lambda: self.sample(3, 2),
            "window: rows that the file does not hold": lambda: self.sample(0, 2, multitalk_embeds=self.embeds(0, 1)),
            "window: the first with a checkpoint": lambda: self.sample(0, 1, checkpoint),
            "window: a later one without a checkpoint": lambda: self.sample(1, 1),
            "window: a checkpoint of another seed": lambda: self.sample(1, 1, checkpoint, seed=8),
            "window: a checkpoint of another window": lambda: self.sample(2, 1, checkpoint),
            "window: a cut checkpoint": lambda: self.sample(1, 1, f"{made[1]['subfolder']}/{cut.name} [output]"),
            "window: black frames": spoilt(-1.0),
            "window: frames that are no numbers": spoilt(NAN),
        }

    def save(self, talk: str, expected: int = 153, rows: float = 0.5, texts: float = 1.0) -> list[dict[str, Any]]:
        embeds = {
            "audio_features": [torch.full((153, 2, 8), rows).half()], "audio_scale": 1.0, "audio_cfg_scale": 1.0, "ref_target_masks": None,
        }  # fmt: skip
        prompts = {"prompt_embeds": [torch.full((5, 8), texts)], "negative_prompt_embeds": []}
        saved = node("WanTalkSaveConditioning").save(embeds, prompts, {"clip_embeds": None}, expected, f"wantalk/{talk}/a/conditioning")
        return saved["ui"]["wantalk"]


if __name__ == "__main__":
    unittest.main()
