#!/usr/bin/env bash
# The start of the image box: the local host, which starts the runner and through it ComfyUI.
#
#   serve.sh                  serves the API on port 7071
#   serve.sh models …         lists, fetches or checks models instead
#   serve.sh COMMAND …        any other command of wantalk, for example doctor
set -euo pipefail

readonly wantalk=(/usr/share/dotnet/dotnet /opt/wantalk/Local/release/WanTalk.Local.dll)

# The server listens on loopback only, which in a container nobody else reaches. The relay makes it reachable from outside;
# who runs the container publishes the port on a loopback address (docker-compose.yml).
relay() {
  while :; do
    socat TCP-LISTEN:7071,fork,reuseaddr TCP:127.0.0.1:7070 || :
    sleep 1
  done
}

case ${1-} in
  '')
    relay &
    exec "${wantalk[@]}" serve --port 7070
    ;;
  models) exec /opt/wantalk/entrypoint.sh "$@" ;;
  *) exec "${wantalk[@]}" "$@" ;;
esac
