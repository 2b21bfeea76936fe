"""As much of aiohttp.web as the pack's routes use."""

from __future__ import annotations

import json
from typing import Any


class Request:
    """A request with a body."""

    def __init__(self, body: bytes = b"") -> None:
        self._body = body

    async def json(self) -> Any:
        return json.loads(self._body)


class Response:
    """An answer."""

    def __init__(self, text: str, status: int) -> None:
        self.text, self.status = text, status


def json_response(data: Any, *, status: int = 200) -> Response:
    return Response(json.dumps(data), status)
