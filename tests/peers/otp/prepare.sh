# shellcheck shell=bash
# What each comparison with Erlang/OTP begins with; to be sourced. Leaves a
# folder in $folder that is gone afterwards.
set -euo pipefail

command -v escript >/dev/null || {
  echo "escript is not installed: run scripts/setup" >&2
  exit 1
}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
