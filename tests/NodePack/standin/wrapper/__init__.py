"""Stands in for ComfyUI-WanVideoWrapper at 088128b, written to the documented contract of its sampler and its window loop."""
