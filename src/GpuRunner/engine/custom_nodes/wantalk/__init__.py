"""WanTalk's node pack for ComfyUI: samples a talk window by window, so that each finished window is kept whatever happens to the machine."""

from __future__ import annotations

from .audio_nodes import WanTalkFitAudio
from .conditioning_nodes import WanTalkLoadConditioning, WanTalkSaveConditioning
from .sampler_node import WanTalkWindowSampler
from .setup import Pack

CLASSES = {
    node.__name__: node for node in (WanTalkFitAudio, WanTalkSaveConditioning, WanTalkLoadConditioning, WanTalkWindowSampler)
}

NODE_CLASS_MAPPINGS = Pack(CLASSES).install()

__all__ = ["NODE_CLASS_MAPPINGS"]
