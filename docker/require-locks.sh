#!/usr/bin/env bash
# Refuses to build an image of what is not locked, and says what is missing and how to get it (docs/image.md).
#
#   require-locks.sh images IMAGE=DIGEST…     each base image has a digest
#   require-locks.sh requirements FILE…       each Python requirement has a version and hashes, and there is one
#   require-locks.sh models MANIFEST          each model has a size and a SHA-256, and there is one (needs jq)
set -euo pipefail

readonly digest='^sha256:[0-9a-f]{64}$'
problems=()

check_images() {
  local image
  (($# > 0)) || problems+=('no base image was named')
  for image; do
    [[ ${image#*=} =~ $digest ]] || problems+=("the base image ${image%%=*} has no digest")
  done
}

# A requirement and its hashes are one line, continued with backslashes.
check_requirements() {
  local file line count
  for file; do
    count=0
    while read -r line; do
      [[ -n $line && $line != \#* && $line != --* ]] || continue
      ((count += 1))
      [[ $line =~ ^[A-Za-z0-9][A-Za-z0-9._-]*(\[[^]]*\])?==[^\ ]+ ]] || problems+=("$file: ${line%% *} has no version")
      [[ $line =~ \ --hash=sha256:[0-9a-f]{64}(\ |$) ]] || problems+=("$file: ${line%% *} has no hash")
    done < <(sed -e ':again' -e '/\\$/{N;s/\\\n */ /;b again' -e '}' -- "$file")
    ((count > 0)) || problems+=("$file is empty")
  done
}

check_models() {
  local found
  found=$(jq -r '
    if (.models | length) == 0 then "no model is named"
    else .models[] | select(((.sha256 // "") | test("^[0-9a-f]{64}$") | not) or ((.size // 0) <= 0))
      | "\(.file // .name // "a model") has no size or no SHA-256"
    end' "$1") || found='it cannot be read'
  while read -r line; do
    [[ -z $line ]] || problems+=("$1: $line")
  done <<<"$found"
}

readonly kind=$1
shift
case $kind in
  images) check_images "$@" ;;
  requirements) check_requirements "$@" ;;
  models) check_models "$@" ;;
  *) problems+=("there is no lock of $kind") ;;
esac

((${#problems[@]} > 0)) || exit 0
{
  echo "The image is not built, because $kind are not locked:"
  printf '  %s\n' "${problems[@]:0:20}"
  ((${#problems[@]} <= 20)) || echo "  and $((${#problems[@]} - 20)) more"
  echo 'Run scripts/lock on a machine with a network, and commit what it writes (docs/image.md).'
} >&2
exit 1
