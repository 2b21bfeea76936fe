#!/usr/bin/env bash
# What an image is refused for, how scripts/lock fills what is missing, and what the health check says. docker, uv and the launcher are
# stand-ins; git, jq and the scripts are real. One line for each specification.
set -uo pipefail

root=$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")/../..
scratch=$(mktemp -d)
server=''
trap '[[ -z $server ]] || kill "$server"; rm -rf -- "$scratch"' EXIT
readonly root scratch tools=$scratch/tools checkout=$scratch/checkout
digest=sha256:$(printf '%064d' 7)
hash=$(printf '%064d' 8)
readonly digest hash
export GIT_CONFIG_GLOBAL=/dev/null GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@example.org GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@example.org

# run COMMAND…: leaves $code, and all that it says in $said.
run() {
  code=0
  said=$("$@" 2>&1) || code=$?
}

problems=()
expect_code() { [[ $code == "$1" ]] || problems+=("ended with $code instead of $1: $said"); }
expect_said() { [[ $said == *"$1"* ]] || problems+=("'$1' is not in: $said"); }
expect_not_said() { [[ $said != *"$1"* ]] || problems+=("'$1' is in: $said"); }
expect_same() { cmp -s -- "$1" "$2" || problems+=("$1 differs from $2"); }

require() { run "$root/docker/require-locks.sh" "$@"; }

stub() {
  cat >"$tools/$1"
  chmod +x "$tools/$1"
}

# A checkout with what scripts/lock reads and writes, and repositories of ComfyUI and one pack.
set_stage() {
  rm -rf -- "${scratch:?}"/*
  mkdir -p "$tools" "$checkout/docker/requirements" "$checkout/scripts" "$checkout/src/GpuRunner/engine"
  cp "$root"/docker/*.sh "$checkout/docker/"
  cp "$root/docker/requirements/torch.in" "$checkout/docker/requirements/"
  cp "$root/scripts/lock" "$checkout/scripts/"
  sed 's/^\(ARG [A-Z]*_DIGEST=\).*/\1/' "$root/Dockerfile.gpu" >"$checkout/Dockerfile.gpu"
  printf '# Not locked yet.\n' | tee "$checkout/docker/requirements/torch.lock" >"$checkout/docker/requirements/engine.lock"
  export PATH=$tools:$PATH
}

# repository NAME: one with requirements; its commit is what it prints.
repository() {
  git init --quiet "$scratch/$1"
  echo "of-$1" >"$scratch/$1/requirements.txt"
  git -C "$scratch/$1" add . && git -C "$scratch/$1" commit --quiet --message first
  git -C "$scratch/$1" rev-parse HEAD
}

pin() {
  jq --null-input --arg at "file://$scratch" --arg one "$1" --arg two "$2" \
    '{engine: {name: "ComfyUI", repository: ($at + "/engine"), commit: $one}, packs: [{name: "pack", repository: ($at + "/pack"), commit: $two}]}' \
    >"$checkout/src/GpuRunner/engine/packs.json"
}

# --- the specifications ---

an_image_without_a_digest_is_refused() {
  require images debian:12= cuda:12=
  expect_code 1
  expect_said 'the base image debian:12 has no digest'
  expect_said 'Run scripts/lock'
}

one_digest_of_two_is_not_enough() {
  require images "debian:12=$digest" cuda:12=sha256:0123
  expect_code 1
  expect_said 'the base image cuda:12 has no digest'
  expect_not_said debian
}

images_with_digests_are_built() {
  require images "debian:12=$digest" "cuda:12=$digest"
  expect_code 0
}

empty_requirements_are_refused() {
  : >"$scratch/empty.lock"
  require requirements "$checkout/docker/requirements/torch.lock" "$scratch/empty.lock"
  expect_code 1
  expect_said 'torch.lock is empty'
  expect_said 'empty.lock is empty'
}

a_requirement_without_hash_or_version_is_refused() {
  printf '%s\n' '--index-url https://example.org' "one==1.0 \\" "    --hash=sha256:$hash \\" "    --hash=sha256:$hash" 'two==2.0' \
    "three>=3 --hash=sha256:$hash" 'four==4 --hash=sha256:12' >"$scratch/half.lock"
  require requirements "$scratch/half.lock"
  expect_code 1
  expect_said 'two==2.0 has no hash'
  expect_said 'three>=3 has no version'
  expect_said 'four==4 has no hash'
  expect_not_said one==
}

requirements_with_hashes_are_built() {
  printf '%s\n' '# of uv' '--index-url https://example.org' "one[extra]==1.0+cu124 \\" "    --hash=sha256:$hash \\" "    --hash=sha256:$hash" \
    "two==2 --hash=sha256:$hash" >"$scratch/whole.lock"
  require requirements "$scratch/whole.lock"
  expect_code 0
}

models_without_sizes_or_hashes_are_refused() {
  echo '{"models": []}' >"$scratch/none.json"
  require models "$scratch/none.json"
  expect_code 1
  expect_said 'no model is named'
  jq --null-input --arg hash "$hash" '{models: [{file: "a", size: 1, sha256: $hash}, {file: "b", size: 1, sha256: null},
    {file: "c", size: null, sha256: $hash}, {file: "d", size: 0, sha256: $hash}, {file: "e"}]}' >"$scratch/half.json"
  require models "$scratch/half.json"
  expect_code 1
  for file in b c d e; do expect_said "$file has no size or no SHA-256"; done
  expect_not_said ': a has'
  echo '{' >"$scratch/broken.json"
  require models "$scratch/broken.json"
  expect_code 1
  expect_said 'it cannot be read'
}

models_with_sizes_and_hashes_are_built() {
  jq --null-input --arg hash "$hash" '{models: [{file: "a", size: 1, sha256: $hash}]}' >"$scratch/whole.json"
  require models "$scratch/whole.json"
  expect_code 0
}

locking_images_fills_every_digest_and_nothing_else() {
  stub docker <<<"#!/bin/sh
echo $digest"
  run "$checkout/scripts/lock" images
  expect_code 0
  expect_said "debian:bookworm-slim $digest"
  [[ $(grep -c "^ARG [A-Z]*_DIGEST=$digest\$" "$checkout/Dockerfile.gpu") == $(grep -c '^ARG [A-Z]*_IMAGE=' "$checkout/Dockerfile.gpu") ]] ||
    problems+=('a digest is missing')
  sed 's/^\(ARG [A-Z]*_DIGEST=\).*/\1/' "$checkout/Dockerfile.gpu" >"$scratch/emptied"
  sed 's/^\(ARG [A-Z]*_DIGEST=\).*/\1/' "$root/Dockerfile.gpu" >"$scratch/before"
  expect_same "$scratch/emptied" "$scratch/before"
}

an_answer_that_is_no_digest_changes_nothing() {
  stub docker <<<"#!/bin/sh
case \$4 in debian*) echo $digest ;; *) echo '<html>' ;; esac"
  cp "$checkout/Dockerfile.gpu" "$scratch/before"
  run "$checkout/scripts/lock" images
  expect_code 1
  expect_said 'is no digest'
  expect_same "$checkout/Dockerfile.gpu" "$scratch/before"
}

locking_requirements_asks_for_what_the_pinned_commits_need() {
  pin "$(repository engine)" "$(repository pack)"
  stub uv <<'STUB'
#!/usr/bin/env bash
echo "$*" >>"$UV_LOG"
while (($# > 0)) && [[ $1 != --output-file ]]; do shift; done
output=$2
shift 2
while (($# > 0)); do
  if [[ $1 == --constraint ]]; then echo "# within $(tr '\n' ' ' <"$2")"; shift 2; continue; fi
  sed -n 's/^of-\(.*\)/\1==1/p; /==/p' "$1" | sed "s/\$/ --hash=sha256:$(printf '%064d' 8)/"
  shift
done >"$output"
STUB
  UV_LOG=$scratch/uv run "$checkout/scripts/lock" requirements
  expect_code 0
  said=$(<"$checkout/docker/requirements/engine.lock")
  expect_said "engine==1 --hash=sha256:$hash"
  expect_said "pack==1 --hash=sha256:$hash"
  expect_said 'within torch==2.6.0+cu124'
  said=$(<"$checkout/docker/requirements/torch.lock")
  expect_said "torch==2.6.0+cu124 --hash=sha256:$hash"
  said=$(<"$scratch/uv")
  expect_said '--generate-hashes'
}

requirements_without_hashes_are_not_kept() {
  pin "$(repository engine)" "$(repository pack)"
  stub uv <<'STUB'
#!/usr/bin/env bash
while (($# > 0)) && [[ $1 != --output-file ]]; do shift; done
echo 'torch==2.6.0' >"$2"
STUB
  run "$checkout/scripts/lock" requirements
  expect_code 1
  expect_said 'torch==2.6.0 has no hash'
  said=$(<"$checkout/docker/requirements/torch.lock")
  expect_not_said torch==
}

a_commit_that_is_not_there_is_not_replaced() {
  pin "$(repository engine)" "$(printf '%040d' 9)"
  repository pack >/dev/null
  run "$root/docker/fetch-packs.sh" "$checkout/src/GpuRunner/engine/packs.json" "$scratch/ComfyUI"
  [[ $code != 0 ]] || problems+=('another commit was taken')
}

locking_models_is_the_runners_work_and_is_looked_at() {
  stub_launcher=$checkout/wantalk
  printf '#!/bin/sh\necho "$@" >"%s/called"\n' "$scratch" >"$stub_launcher"
  chmod +x "$stub_launcher"
  echo '{"models": [{"file": "a"}]}' >"$checkout/src/GpuRunner/engine/models.json"
  run "$checkout/scripts/lock" models
  expect_code 1
  expect_said 'a has no size or no SHA-256'
  said=$(<"$scratch/called")
  expect_said 'models lock --manifest'
}

# serve_health STATUS: a runner's health, on a free port that WANTALK_HEALTH_LISTEN names.
serve_health() {
  # Opened before the server is there, and read line by line.
  mkfifo "$scratch/port"
  node -e "require('http').createServer((ask, answer) => {
    answer.statusCode = ask.url === '/health/ready' ? $1 : 404
    answer.end('{\"problems\":[\"no GPU\"]}')
  }).listen(0, '127.0.0.1', function () { console.log(this.address().port) })" >"$scratch/port" &
  server=$!
  read -r port <"$scratch/port"
  export WANTALK_HEALTH_LISTEN=0.0.0.0:$port
}

end_server() {
  kill "$server"
  wait "$server" 2>/dev/null
  server=''
}

health_is_what_the_runner_says() {
  serve_health 200
  run "$root/docker/health.sh"
  expect_code 0
  run "$root/docker/health.sh" "$port"
  expect_code 0
  end_server
  run "$root/docker/health.sh"
  expect_code 1
  run "$root/docker/health.sh" "$port"
  expect_code 1
  expect_said "Nothing listens on port $port."
}

a_runner_that_lacks_something_says_what() {
  serve_health 503
  run "$root/docker/health.sh"
  expect_code 1
  expect_said 'no GPU'
  end_server
}

for specification in $(declare -F | grep -oE '(an?|one|images|empty|requirements|models|locking|health)_[a-z_]+$'); do
  set_stage
  problems=()
  "$specification"
  if ((${#problems[@]} == 0)); then
    echo "passed $specification"
  else
    printf 'FAILED %s: ' "$specification"
    printf '%s; ' "${problems[@]}"
    echo
  fi
done
