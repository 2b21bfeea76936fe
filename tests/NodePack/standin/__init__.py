"""Stand-ins for what the pack meets inside ComfyUI: the server's modules, and the wrapper with its window loop."""
