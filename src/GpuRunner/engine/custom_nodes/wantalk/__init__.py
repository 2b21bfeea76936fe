"""WanTalk's node pack for ComfyUI: samples a talk window by window, so that a finished window is never lost."""

from __future__ import annotations

from .audio_nodes import WanTalkCheckAudio, WanTalkFitAudio
from .conditioning_nodes import WanTalkLoadConditioning, WanTalkSaveConditioning
from .sampler_node import WanTalkWindowSampler
from .setup import Pack

CLASSES: dict[str, type] = {
    node.__name__: node
    for node in (WanTalkCheckAudio, WanTalkFitAudio, WanTalkSaveConditioning, WanTalkLoadConditioning, WanTalkWindowSampler)
}

NODE_CLASS_MAPPINGS = Pack(CLASSES).install()

__all__ = ["NODE_CLASS_MAPPINGS"]
