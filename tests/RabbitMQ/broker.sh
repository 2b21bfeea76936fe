#!/bin/sh
# Runs a broker in a folder until standard input closes, because the tests want it or are gone; then all that it started ends, and the
# folder goes, unless it holds a file "keep".
#
#   broker.sh FOLDER MARK PROGRAM ARGUMENT…
set -u
folder=$1
mark=$2
shift 2
sh "$(dirname -- "$0")/guard.sh" "WANTALK_TEST_BROKER=$mark" 50 "$@"
code=$?
[ -e "$folder/keep" ] || rm -rf -- "$folder"
exit "$code"
