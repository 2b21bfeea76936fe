"""The pack's own routes: ``GET /wantalk/info`` and ``POST /wantalk/release``."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from aiohttp import web
from server import PromptServer

from . import host
from .files import release


def add(info: Callable[[], dict[str, Any]]) -> None:
    """Adds the routes to the server that is being set up."""
    routes = PromptServer.instance.routes

    @routes.get("/wantalk/info")
    async def get_info(request: web.Request) -> web.Response:
        return web.json_response(info())

    @routes.post("/wantalk/release")
    async def post_release(request: web.Request) -> web.Response:
        try:
            body = await request.json()
            prefix = body.get("prefix") if isinstance(body, dict) else None
            deleted = await asyncio.get_running_loop().run_in_executor(None, release, host.folders(), str(prefix or ""))
        except ValueError as error:
            return web.json_response({"error": str(error)}, status=400)
        return web.json_response({"deleted": deleted})
