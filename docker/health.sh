#!/usr/bin/env bash
# The image's health check: asks the runner, or in box the host, whether it is ready, and prints its answer, which names all that is missing (docker inspect
# shows it). Ports that are given as well have to take a connection. The image has no curl; bash can connect by itself.
#
#   health.sh [PORT…]
set -euo pipefail

for port; do
  : 2>/dev/null <>"/dev/tcp/127.0.0.1/$port" || {
    echo "Nothing listens on port $port."
    exit 1
  }
done

readonly listen=${WANTALK_HEALTH_LISTEN:?is not set: health is told there}
exec 3<>"/dev/tcp/127.0.0.1/${listen##*:}"
printf 'GET /health/ready HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n' >&3
mapfile -t lines <&3
printf '%s\n' "${lines[@]}"
[[ ${lines[0]-} == 'HTTP/1.1 200 '* ]]
