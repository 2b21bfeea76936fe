#!/usr/bin/env bash
# Publishes the host for Azure Functions, to where azure.yaml says that it is.
set -euo pipefail

root=$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")/../..
readonly root
readonly output=$root/artifacts/azure-host

rm -rf -- "$output"
dotnet publish "$root/src/Functions" --configuration Release --output "$output" --nologo -p:AzureHost=true
