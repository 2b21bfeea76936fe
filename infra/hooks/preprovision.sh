#!/usr/bin/env bash
# Says what is missing before anything is deployed, and draws the secrets that ids of messages' talks are made with and webhooks are
# signed with, once: in the vault of a deployment that is there they stay what they are.
set -euo pipefail

problems=()
for program in az dotnet openssl; do
  command -v "$program" >/dev/null || problems+=("$program is missing.")
done
for name in R2_ENDPOINT_URL R2_BUCKET_NAME; do
  [[ -n ${!name-} ]] || problems+=("$name is not set: azd env set $name …")
done

# azd has the output when the infrastructure was deployed before.
if [[ -z ${AZURE_RESOURCE_GROUP-} ]]; then
  for name in R2_ACCESS_KEY_ID R2_SECRET_ACCESS_KEY; do
    [[ -n ${!name-} ]] || problems+=("$name is not set: azd env set $name …")
  done
  [[ -n ${WANTALK_API_KEYS-} || ${WANTALK_TRUST_ENTRA-} == true ]] ||
    problems+=('WANTALK_API_KEYS is not set: azd env set WANTALK_API_KEYS NAME=SHA256, which wantalk key NAME prints.')
fi

if ((${#problems[@]} > 0)); then
  printf 'wantalk: %s\n' "${problems[@]}" >&2
  exit 1
fi

if [[ -z ${AZURE_RESOURCE_GROUP-} && -z ${WANTALK_ID_SECRET-} ]]; then
  azd env set WANTALK_ID_SECRET "$(openssl rand -hex 32)"
fi
if [[ -z ${AZURE_RESOURCE_GROUP-} && -z ${WANTALK_WEBHOOK_SECRETS-} ]]; then
  azd env set WANTALK_WEBHOOK_SECRETS "whsec_$(openssl rand -base64 32)"
fi
