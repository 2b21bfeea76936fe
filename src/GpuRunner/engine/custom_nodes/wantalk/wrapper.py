"""The wrapper whose window loop is driven: finds it, checks what is relied on, and replaces the loop's name around one call.

``WanVideoSampler.process`` ends its way for this model in ``return multitalk_loop(**locals())``, where ``multitalk_loop`` is a name of its
module. It is looked up when it is called, so that another function can stand there for one prompt; ComfyUI runs one at a time.
"""

from __future__ import annotations

import inspect
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from sys import modules
from types import CodeType, ModuleType
from typing import Any

import nodes

SAMPLER = "WanVideoSampler"
LOOP = "multitalk_loop"

SUBSTITUTED = ("vae", "predict_with_cfg", "text_embeds", "seed_g")
"""The loop's arguments that are put in the place of others, or whose state is set."""

PASSED = (
    "model", "image_embeds", "text_embeds", "multitalk_embeds", "steps", "cfg", "shift", "seed", "force_offload", "scheduler",
    "riflex_freq_index", "batched_cfg", "rope_function",
)  # fmt: skip
"""What the sampler is called with."""


def find() -> type | None:
    """The wrapper's sampler class; None while it is not loaded."""
    return nodes.NODE_CLASS_MAPPINGS.get(SAMPLER)


def module_of(sampler: type) -> ModuleType:
    """The module in which the sampler looks the loop up."""
    return modules[sampler.process.__module__]  # type: ignore[attr-defined]


def problems(sampler: type | None) -> list[str]:
    """What is missing of what the pack relies on; empty if nothing is."""
    if sampler is None:
        return [f"ComfyUI-WanVideoWrapper is not loaded: there is no {SAMPLER} node."]
    process = getattr(sampler, "process", None)
    if not inspect.isfunction(process):
        return [f"{SAMPLER} has no method process."]
    found = []
    parameters = inspect.signature(process).parameters
    missing = [name for name in PASSED if name not in parameters]
    if missing:
        found.append(f"{SAMPLER}.process does not take {', '.join(missing)}.")
    loop = getattr(module_of(sampler), LOOP, None)
    if not inspect.isfunction(loop) or LOOP not in process.__code__.co_names:
        return [*found, f"{SAMPLER} does not call a replaceable {LOOP}: the wrapper is older than 20942b8 (2025-12-26), or has changed."]
    given = {*process.__code__.co_varnames, *process.__code__.co_cellvars}
    taken = set(_words(loop.__code__))
    missing = [name for name in SUBSTITUTED if name not in given or name not in taken]
    if missing:
        found.append(f"{LOOP} does not work with {', '.join(missing)}, which would have to be substituted.")
    return found


def is_replaceable(sampler: type | None) -> bool:
    """Whether the loop can be driven window by window."""
    return not problems(sampler)


def version(sampler: type | None) -> str | None:
    """The wrapper's version as its project file tells it; None if it tells none."""
    try:
        project = Path(inspect.getfile(module_of(sampler))).parent / "pyproject.toml" if sampler else None
        return tomllib.loads(project.read_text())["project"]["version"] if project else None
    except (OSError, KeyError, TypeError, ValueError):
        return None


def choices(name: str, fallback: list[str]) -> list[str]:
    """The values that the wrapper's sampler offers for an input."""
    try:
        inputs = find().INPUT_TYPES()  # type: ignore[union-attr]
        offered = {**inputs.get("required", {}), **inputs.get("optional", {})}[name][0]
        return list(offered)
    except (AttributeError, KeyError, TypeError):
        return fallback


@contextmanager
def replaced_loop(sampler: type, make: Callable[[Callable[..., Any]], Callable[..., Any]]) -> Iterator[None]:
    """Puts ``make(loop)`` in the place of the loop."""
    module = module_of(sampler)
    loop = getattr(module, LOOP)
    setattr(module, LOOP, make(loop))
    try:
        yield
    finally:
        setattr(module, LOOP, loop)


def _words(code: CodeType) -> Iterator[str]:
    """Every name and every text that a function's code holds, those of its inner functions too."""
    yield from code.co_varnames
    yield from code.co_names
    pending: list[Any] = list(code.co_consts)
    while pending:
        constant = pending.pop()
        if isinstance(constant, str):
            yield constant
        elif isinstance(constant, (tuple, frozenset)):
            pending.extend(constant)
        elif isinstance(constant, CodeType):
            yield from _words(constant)
