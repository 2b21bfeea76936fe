"""Stands in for torchaudio, which ComfyUI brings and this machine may lack."""

from . import functional as functional
