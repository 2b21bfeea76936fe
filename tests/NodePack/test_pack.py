"""The pack inside ComfyUI: what it checks, what it says of itself, and that the graphs fit its nodes."""

from __future__ import annotations

import asyncio
import json
import os
import tempfile
import unittest
from pathlib import Path
from types import ModuleType
from typing import Any
from unittest import mock

import support  # noqa: F401 - first: it makes the others importable
import folder_paths
import nodes
import wantalk
from server import PromptServer
from standin.wrapper import nodes_sampler
from standin.wrapper.nodes_sampler import WanVideoSampler
from support import HERE, real_wrapper
from wantalk import host, wrapper
from wantalk.setup import Pack

GRAPHS = HERE.parents[1] / "src/GpuRunner/engine/graphs"


class Inlined:
    """A sampler of a wrapper from before the loop had a name of its own."""

    def process(self, model: Any) -> None:
        raise NotImplementedError


def loop_without_generator(self: Any, **arguments: Any) -> Any:
    return [arguments[name] for name in ("vae", "predict_with_cfg", "text_embeds")]


class PackSpecs(unittest.TestCase):
    def setUp(self) -> None:
        PromptServer.instance = PromptServer()
        self.addCleanup(nodes.NODE_CLASS_MAPPINGS.clear)
        nodes.NODE_CLASS_MAPPINGS.clear()

    def install(self, sampler: type | None) -> tuple[Pack, dict[str, type]]:
        if sampler is not None:
            nodes.NODE_CLASS_MAPPINGS["WanVideoSampler"] = sampler
        pack = Pack(wantalk.CLASSES)
        given = pack.install()
        nodes.NODE_CLASS_MAPPINGS.update(given)
        return pack, given

    def start(self) -> None:
        for handler in PromptServer.instance.app.on_startup:
            asyncio.run(handler(None))

    def ask(self, method: str, path: str, body: bytes = b"") -> tuple[int, dict[str, Any]]:
        request = mock.Mock(spec=["json"], json=lambda: self._body(body))
        answer = asyncio.run(PromptServer.instance.routes.handlers[method, path](request))
        return answer.status, json.loads(answer.text)

    async def _body(self, body: bytes) -> Any:
        return json.loads(body)

    def test_with_the_wrapper_its_nodes_are_there(self) -> None:
        _, given = self.install(WanVideoSampler)
        self.assertEqual(set(given), {
            "WanTalkCheckAudio", "WanTalkFitAudio", "WanTalkSaveConditioning", "WanTalkLoadConditioning", "WanTalkWindowSampler",
        })  # fmt: skip
        self.start()
        self.assertLessEqual(set(given), set(nodes.NODE_CLASS_MAPPINGS))
        self.assertEqual(self.ask("GET", "/wantalk/info"), (200, {
            "pack_version": "1.0.0", "engine": "comfyui", "preview": False, "wrapper_version": "0.0.1", "loop_replaceable": True,
            "vram_total": 0, "problems": [],
        }))  # fmt: skip

    def test_a_wrapper_that_is_loaded_later_is_found_when_the_server_starts(self) -> None:
        pack, given = self.install(None)
        nodes.NODE_CLASS_MAPPINGS["WanVideoSampler"] = WanVideoSampler
        self.start()
        self.assertEqual(pack.problems, [])
        self.assertLessEqual(set(given), set(nodes.NODE_CLASS_MAPPINGS))

    def test_without_the_wrapper_the_nodes_stay_out_and_the_reason_is_told(self) -> None:
        with self.assertLogs("wantalk", "ERROR") as log:
            self.install(None)
            self.start()
        self.assertEqual(nodes.NODE_CLASS_MAPPINGS, {})
        self.assertIn("not loaded", log.output[0])
        _, info = self.ask("GET", "/wantalk/info")
        self.assertEqual((info["loop_replaceable"], info["wrapper_version"]), (False, None))
        self.assertIn("not loaded", info["problems"][0])

    def test_a_wrapper_whose_loop_has_no_name_is_told(self) -> None:
        with self.assertLogs("wantalk", "ERROR"):
            _, given = self.install(Inlined)
        self.assertEqual(given, {})
        _, info = self.ask("GET", "/wantalk/info")
        self.assertFalse(info["loop_replaceable"])
        self.assertTrue(any("replaceable multitalk_loop" in problem for problem in info["problems"]), info)
        self.assertTrue(any("does not take image_embeds" in problem for problem in info["problems"]), info)

    def test_a_loop_without_an_argument_that_must_be_substituted_is_told(self) -> None:
        with mock.patch.object(nodes_sampler, "multitalk_loop", loop_without_generator):
            self.assertEqual(wrapper.problems(WanVideoSampler), [
                "multitalk_loop does not work with seed_g, which would have to be substituted."])  # fmt: skip
        self.assertEqual(wrapper.problems(WanVideoSampler), [])

    def test_without_ffmpeg_the_nodes_stay_out(self) -> None:
        with mock.patch.dict(os.environ, PATH="/nowhere"), self.assertLogs("wantalk", "ERROR"):
            pack, given = self.install(WanVideoSampler)
        self.assertEqual((given, pack.problems), ({}, ["ffmpeg is not installed."]))

    def test_release_deletes_a_talks_files(self) -> None:
        self.install(WanVideoSampler)
        with tempfile.TemporaryDirectory() as folder:
            folder_paths.use(Path(folder))
            place = Path(folder) / "output/wantalk/t/a"
            place.mkdir(parents=True)
            (place / "w-0000.mkv").write_bytes(b"x")
            self.assertEqual(self.ask("POST", "/wantalk/release", b'{"prefix":"wantalk/t"}'), (200, {"deleted": 1}))
            for body in (b'{"prefix":"../t"}', b"{}", b"[]", b"nonsense", b'{"prefix":7}'):
                with self.subTest(body=body):
                    status, answer = self.ask("POST", "/wantalk/release", body)
                    self.assertEqual((status, list(answer)), (400, ["error"]))

    def test_the_graphs_give_the_nodes_what_they_take(self) -> None:
        self.install(WanVideoSampler)
        for name, classes in (
            ("separate.json", {"WanTalkCheckAudio"}),
            ("embed.json", {"WanTalkFitAudio", "WanTalkSaveConditioning"}),
            ("window.json", {"WanTalkLoadConditioning", "WanTalkWindowSampler"}),
        ):
            graph = json.loads((GRAPHS / name).read_text())
            found = {node["class_type"]: node["inputs"] for node in graph.values() if node["class_type"] in wantalk.CLASSES}
            self.assertEqual(set(found), classes)
            for kind, given in found.items():
                inputs = wantalk.CLASSES[kind].INPUT_TYPES()  # type: ignore[attr-defined]
                self.assertLessEqual(set(inputs["required"]), set(given))
                self.assertLessEqual(set(given), {*inputs["required"], *inputs.get("optional", {})})

    def test_a_link_out_of_a_node_names_an_output_that_it_has(self) -> None:
        for name in ("separate.json", "embed.json", "window.json"):
            graph = json.loads((GRAPHS / name).read_text())
            for node in graph.values():
                for value in node["inputs"].values():
                    source = graph[value[0]]["class_type"] if isinstance(value, list) else None
                    if source in wantalk.CLASSES:
                        self.assertLess(value[1], len(wantalk.CLASSES[source].RETURN_TYPES))  # type: ignore[attr-defined]

    def test_vocals_are_looked_at_before_they_are_stored_as_whole_numbers(self) -> None:
        graph = json.loads((GRAPHS / "separate.json").read_text())
        (saved,) = (node["inputs"]["audio"] for node in graph.values() if node["class_type"] == "SaveAudio")
        self.assertEqual(graph[saved[0]]["class_type"], "WanTalkCheckAudio")
        self.assertEqual(graph[graph[saved[0]]["inputs"]["audio"][0]]["class_type"], "AudioSeparation")

    def test_a_model_is_known_by_its_file_and_by_what_the_graph_says(self) -> None:
        from wantalk.identity import Graph, _file

        graph = Graph(json.loads((GRAPHS / "window.json").read_text()), "213")
        self.assertEqual(graph.setting(("model", "multitalk_model"), "model"), "Wan2_1-InfiniteTalk_Single_Q8.gguf")
        self.assertEqual(graph.setting(("image_embeds", "vae"), "model_name"), "wan_2.1_vae.safetensors")
        self.assertIsNone(graph.setting(("model", "nothing"), "model"))
        self.assertIsNone(Graph(None, None).setting(("model",), "model"))
        with tempfile.TemporaryDirectory() as folder:
            folder_paths.use(Path(folder))
            (Path(folder) / "models/vae").mkdir()
            path = Path(folder) / "models/vae/a"
            path.write_bytes(bytes(10 << 20))
            before = _file("a", host.model_file("vae", "a"))["fingerprint"]
            path.write_bytes(bytes(10 << 20) + b"1")
            self.assertNotEqual(before, _file("a", host.model_file("vae", "a"))["fingerprint"])
            self.assertRegex(str(before), "^[0-9a-f]{64}$")

    def test_a_module_of_the_wrapper_without_a_project_file_has_no_version(self) -> None:
        self.assertIsNone(wrapper.version(None))
        with mock.patch.object(wrapper, "module_of", lambda _: ModuleType("x")):
            self.assertIsNone(wrapper.version(WanVideoSampler))


@unittest.skipUnless(real_wrapper.path(), f"{real_wrapper.VARIABLE} names no folder with the wrapper's sources")
class RealWrapperSpecs(unittest.TestCase):
    """The checks against the wrapper's own code."""

    def test_nothing_is_missing(self) -> None:
        sampler = real_wrapper.load()
        self.assertEqual(wrapper.problems(sampler), [])
        self.assertRegex(wrapper.version(sampler) or "", r"^\d+\.\d+")

    def test_it_offers_the_scheduler_of_the_graph(self) -> None:
        nodes.NODE_CLASS_MAPPINGS["WanVideoSampler"] = real_wrapper.load()
        self.addCleanup(nodes.NODE_CLASS_MAPPINGS.clear)
        self.assertIn("flowmatch_distill", wrapper.choices("scheduler", []))
        self.assertIn("comfy", wrapper.choices("rope_function", []))


if __name__ == "__main__":
    unittest.main()
