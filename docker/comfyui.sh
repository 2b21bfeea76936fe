#!/usr/bin/env bash
# The image's Python for ComfyUI: adds where its models are, and puts all that it writes into the home, since nothing else can be written.
#
#   comfyui.sh main.py ARGUMENT…
set -euo pipefail

readonly written=${WANTALK_HOME:?is not set}/comfyui
mkdir -p -- "$written"/{input,output,user}

# ComfyUI makes a folder temp in the one that is named.
exec /opt/venv/bin/python "$@" --extra-model-paths-config /opt/wantalk/extra_model_paths.yaml \
  --input-directory "$written/input" --output-directory "$written/output" --temp-directory "$written" \
  --user-directory "$written/user" --database-url "sqlite:///$written/user/comfyui.db"
