"""Refusals. All are ValueErrors; those that a caller must tell apart have a code of their own.

ComfyUI reports an exception as ``module.qualname``, so a coded one arrives as ``wantalk.<code>``.
"""

from __future__ import annotations


class CodedError(ValueError):
    """A refusal that is known by its code."""

    code: str = ""

    def __init_subclass__(cls, *, code: str, **kwargs: object) -> None:
        super().__init_subclass__(**kwargs)
        cls.code = cls.__qualname__ = code
        cls.__module__ = "wantalk"


class AudioInvalid(CodedError, code="audio_invalid"):
    """The audio, or its embedding, has values that are no numbers."""


class ConditioningInvalid(CodedError, code="conditioning_invalid"):
    """The conditioning is not what windows need: a wrong length, a wrong shape, more than one speaker."""


class FramesInvalid(CodedError, code="frames_invalid"):
    """The sampler made black frames, or frames that are no numbers."""


class FileRefused(CodedError, code="file_refused"):
    """A file is foreign, damaged, cut, or belongs to other work."""
