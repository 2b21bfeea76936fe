#!/usr/bin/env bash
# Fetches ComfyUI, and the packs into its custom_nodes, each at the commit that the manifest names (src/GpuRunner/engine/packs.json). Git
# checks what comes against the commit's hash. Needs git and jq.
#
#   fetch-packs.sh MANIFEST FOLDER
set -euo pipefail

readonly manifest=$1 folder=$2

# fetch REPOSITORY COMMIT FOLDER
fetch() {
  git init --quiet "$3"
  git -C "$3" fetch --quiet --depth 1 "$1" "$2"
  git -C "$3" checkout --quiet --detach FETCH_HEAD
  [[ $(git -C "$3" rev-parse HEAD) == "$2" ]] || {
    echo "$1 gave another commit than $2." >&2
    exit 1
  }
  # The image keeps no .git; the runner's start-up check reads this instead.
  printf '%s\n' "$2" >"$3/.wantalk-commit"
}

found=$(jq -r '(.engine | [.repository, .commit, ""]), (.packs[] | [.repository, .commit, "custom_nodes/" + .name]) | join(" ")' "$manifest")
while read -r repository commit place; do
  fetch "$repository" "$commit" "$folder/$place"
done <<<"$found"
