#!/usr/bin/env bash
# What can be checked of the images where there is no Docker: Dockerfile.gpu is linted and read, the compose file and the pins are read, the
# scripts behind them are run. Closes with a line of counts.
set -uo pipefail

here=$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")
root=$(readlink -f -- "$here/../..")
readonly here root
export WANTALK_IMAGE_TOOLS=$root/artifacts/image-tools

# npm installs by the lock file, anew when that has changed.
install_tools() {
  ! cmp -s -- "$here/tools/package-lock.json" "$WANTALK_IMAGE_TOOLS/installed" || return 0
  rm -rf -- "$WANTALK_IMAGE_TOOLS" && mkdir -p -- "$WANTALK_IMAGE_TOOLS" &&
    cp -- "$here"/tools/{package.json,package-lock.json,.npmrc} "$WANTALK_IMAGE_TOOLS" &&
    (cd -- "$WANTALK_IMAGE_TOOLS" && npm ci --loglevel=error) >&2 && cp -- "$here/tools/package-lock.json" "$WANTALK_IMAGE_TOOLS/installed"
}

lint() {
  local said
  if said=$("$WANTALK_IMAGE_TOOLS/node_modules/.bin/dockerfile-utils" lint "$root/Dockerfile.gpu" 2>&1) && [[ -z ${said//[[:space:]]/} ]]; then
    echo 'passed Dockerfile.gpu is clean'
  else
    echo "FAILED Dockerfile.gpu is clean: $said"
  fi
}

results=$(
  if install_tools; then
    lint
    node "$here/checks.mjs" "$root" || echo "FAILED the checks ended with $?"
  else
    echo 'FAILED npm could not install what reads the files'
  fi
  "$here/locks.sh" || echo "FAILED the specifications ended with $?"
)
printf '%s\n' "$results"
passed=$(grep -c '^passed ' <<<"$results")
failed=$(grep -c '^FAILED ' <<<"$results")
echo "$passed passed, $failed failed, 0 skipped"
((failed == 0 && passed > 0))
