#!/usr/bin/env bash
# Builds the runners' images in the registry, deploys the runners with them, and fetches the models onto the share. What has not changed since
# the last time is not done again: azd's environment remembers the images' tag and what models were fetched for.
set -euo pipefail

root=$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")/../..
readonly root
readonly registry=${AZURE_CONTAINER_REGISTRY_NAME:?is not set: run azd provision first}
readonly group=${AZURE_RESOURCE_GROUP:?is not set: run azd provision first}
readonly job=${WANTALK_MODELS_JOB:?is not set: run azd provision first}
readonly subscription=${AZURE_SUBSCRIPTION_ID:?is not set: run azd provision first}
readonly preset=${WANTALK_MODELS_PRESET:?is not set: run azd provision first}
readonly poll_seconds=${WANTALK_POLL_SECONDS:-15} build_seconds=7200
export AZURE_EXTENSION_USE_DYNAMIC_INSTALL=yes_without_prompt

context=$(mktemp -d)
trap 'rm -rf -- "$context"' EXIT

say() {
  printf 'wantalk: %s\n' "$*" >&2
}

fail() {
  say "$@"
  exit 1
}

# stage: copies what Dockerfile.gpu copies, and nothing else, to the context.
stage() {
  tar --create --directory "$root" --exclude bin --exclude obj --exclude __pycache__ \
    .editorconfig Directory.Build.props Directory.Packages.props global.json Dockerfile.gpu Dockerfile.gpu.dockerignore docker src \
    infra/hooks/images.yaml |
    tar --extract --directory "$context"
}

# tag_of_context: the same files have the same tag.
tag_of_context() {
  tar --create --directory "$context" --sort name --mtime @0 --owner 0 --group 0 --numeric-owner . | sha256sum | cut -c 1-16
}

# build TARGET TAG: builds an image in the registry. With private networking that is done by machines in the network.
build() {
  local pool=()
  [[ -z ${WANTALK_BUILD_POOL-} ]] || pool=(--agent-pool "$WANTALK_BUILD_POOL")
  say "building the image $1 in $registry…"
  az acr run --subscription "$subscription" --registry "$registry" --file infra/hooks/images.yaml --set "target=$1" --set "tag=$2" \
    --timeout "$build_seconds" "${pool[@]}" "$context"
}

# stream TAG: lets a GPU replica start before all of its image has arrived.
stream() {
  az acr artifact-streaming create --subscription "$subscription" --name "$registry" --image "wantalk-gpu:$1" ||
    say 'the GPU image is not streamed, so that a cold start takes minutes longer'
}

# deploy TAG: deploys the infrastructure with the runners.
deploy() {
  say 'deploying the runners…'
  WANTALK_IMAGE_TAG=$1 az deployment sub create --subscription "$subscription" --name "wantalk-${AZURE_ENV_NAME:?}-runners" \
    --location "${AZURE_LOCATION:?}" --parameters "$root/infra/bicep/main.bicepparam" --output none
}

# fetch_models: runs the job to its end.
fetch_models() {
  local execution status=''
  execution=$(az containerapp job start --subscription "$subscription" --resource-group "$group" --name "$job" --query name --output tsv)
  say "fetching the models of preset $preset ($job, $execution); the first time that takes a while…"
  while [[ $status != Succeeded ]]; do
    sleep "$poll_seconds"
    status=$(az containerapp job execution show --subscription "$subscription" --resource-group "$group" --name "$job" \
      --job-execution-name "$execution" --query properties.status --output tsv)
    case $status in
      Failed | Stopped | Degraded) fail "the models could not be fetched: $execution is $status; its log says why" ;;
    esac
  done
}

stage
tag=$(tag_of_context)
if [[ $tag != "${WANTALK_IMAGE_TAG-}" ]]; then
  build media "$tag"
  build gpu "$tag"
  stream "$tag"
  deploy "$tag"
  azd env set WANTALK_IMAGE_TAG "$tag"
fi

models="$preset-$(sha256sum "$root/src/GpuRunner/engine/models.json" | cut -c 1-16)"
if [[ $models != "${WANTALK_MODELS_FETCHED-}" ]]; then
  fetch_models
  azd env set WANTALK_MODELS_FETCHED "$models"
fi
