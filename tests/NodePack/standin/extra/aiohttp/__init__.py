"""Stands in for aiohttp, which ComfyUI brings and this machine may lack."""
