"""ComfyUI's server, as far as the pack uses it: routes, start-up, and messages, which are kept."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any


class Routes:
    """Keeps handlers by method and path."""

    def __init__(self) -> None:
        self.handlers: dict[tuple[str, str], Callable[..., Any]] = {}

    def get(self, path: str) -> Callable[..., Any]:
        return lambda handler: self.handlers.setdefault(("GET", path), handler)

    def post(self, path: str) -> Callable[..., Any]:
        return lambda handler: self.handlers.setdefault(("POST", path), handler)


class PromptServer:
    """One server, as ComfyUI has one."""

    instance: PromptServer

    def __init__(self) -> None:
        self.routes = Routes()
        self.app = SimpleNamespace(on_startup=[])
        self.client_id: str | None = "client"
        self.last_prompt_id = "prompt"
        self.sent: list[tuple[str, dict[str, Any], str | None]] = []

    def send_sync(self, event: str, data: dict[str, Any], sid: str | None = None) -> None:
        self.sent.append((event, data, sid))


PromptServer.instance = PromptServer()
