"""Decides, when ComfyUI has loaded every pack, whether the nodes may be used; and tells what was found."""

from __future__ import annotations

import logging
from typing import Any

import nodes
from server import PromptServer

from . import host, routes, wrapper

PACK_VERSION = "1.0.0"
log = logging.getLogger("wantalk")


class Pack:
    """The pack's nodes, and what stands in their way."""

    def __init__(self, classes: dict[str, type]) -> None:
        self._classes = classes
        self.problems: list[str] = []

    def install(self) -> dict[str, type]:
        """Adds the routes; gives the nodes that ComfyUI shall have.

        ComfyUI loads packs in no particular order. If the wrapper is not there yet, the nodes are given, and looked at again when the
        server starts, before it takes a prompt.
        """
        routes.add(self.info)
        PromptServer.instance.app.on_startup.append(self._on_startup)
        if wrapper.find() is None:
            return self._classes
        self._check()
        return {} if self.problems else self._classes

    def info(self) -> dict[str, Any]:
        """What ``GET /wantalk/info`` answers."""
        sampler = wrapper.find()
        return {
            "pack_version": PACK_VERSION,
            "engine": "comfyui",
            "preview": False,
            "wrapper_version": wrapper.version(sampler),
            "loop_replaceable": wrapper.is_replaceable(sampler),
            "vram_total": host.vram_total(),
            "problems": self.problems,
        }

    async def _on_startup(self, _: Any) -> None:
        if not self.problems:
            self._check()
        if self.problems:
            for name in self._classes:
                nodes.NODE_CLASS_MAPPINGS.pop(name, None)

    def _check(self) -> None:
        self.problems = wrapper.problems(wrapper.find())
        if host.ffmpeg() is None:
            self.problems.append("ffmpeg is not installed.")
        for problem in self.problems:
            log.error("WanTalk's nodes are not available: %s", problem)
