#!/usr/bin/env bash
# The start of the images gpu and media: the runner, until it gets SIGTERM. Its settings are in the environment (docs/image.md).
#
#   entrypoint.sh [ARGUMENT…]      further arguments of the runner
#   entrypoint.sh models …         lists, fetches or checks models instead
set -euo pipefail

readonly runner=/opt/wantalk/runner/WanTalk.GpuRunner
[[ ${1-} != models ]] || exec "$runner" "$@"
exec "$runner" --until-signalled "$@"
