"""ComfyUI's table of node classes."""

from __future__ import annotations

NODE_CLASS_MAPPINGS: dict[str, type] = {}
