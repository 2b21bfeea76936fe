"""ComfyUI's folders, as far as the pack uses them; :func:`use` points them somewhere."""

from __future__ import annotations

from pathlib import Path

_root = Path()


def use(root: Path) -> None:
    """Sets where the folders lie, and makes them."""
    global _root
    _root = root
    for name in ("input", "output", "temp", "models"):
        (root / name).mkdir(parents=True, exist_ok=True)


def get_input_directory() -> str:
    return str(_root / "input")


def get_output_directory() -> str:
    return str(_root / "output")


def get_temp_directory() -> str:
    return str(_root / "temp")


def get_full_path(category: str, name: str) -> str | None:
    path = _root / "models" / category / name
    return str(path) if path.is_file() else None


def __getattr__(name: str) -> object:
    if name == "models_dir":
        return str(_root / "models")
    if name.startswith("__"):
        raise AttributeError(name)
    return lambda *args, **kwargs: []
