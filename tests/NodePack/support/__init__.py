"""Makes the pack importable on a machine without ComfyUI. Import this before anything of the pack."""

from __future__ import annotations

import logging
import sys
from pathlib import Path

import torch

HERE = Path(__file__).resolve().parents[1]
PACKS = HERE.parents[1] / "src/GpuRunner/engine/custom_nodes"

if str(PACKS) not in sys.path:
    sys.path[:0] = [str(PACKS), str(HERE / "standin/comfyui")]
    # Behind everything: what the machine has itself comes first.
    sys.path.append(str(HERE / "standin/extra"))
    torch.set_num_threads(2)
    logging.getLogger("wantalk").addHandler(logging.NullHandler())
    logging.getLogger("wantalk").propagate = False
