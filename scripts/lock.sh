#!/bin/sh
# Resolve the locked requirements: hash-pinned, for every platform, naming no index.
set -eu
cd "$(dirname "$0")/.."
.venv/bin/python -m pip install --quiet uv
compile() {
  .venv/bin/python -m uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-emit-find-links \
    --no-annotate --no-header --python-version 3.11 "$@"
}
# What runs and what tests it share one environment: so all is resolved at once, and both lists take their part of that.
all=$(mktemp)
trap 'rm -f "$all"' EXIT
compile pyproject.toml --group dev scripts/build.in --output-file "$all"
grep '^[a-z0-9]' "$all" | sed 's/ *\\$//' >"$all.pins"
compile pyproject.toml scripts/build.in --constraints "$all.pins" --output-file requirements.txt
compile --group dev --constraints "$all.pins" --output-file requirements-dev.txt
compile scripts/node.in --output-file requirements-node.txt
rm -f "$all.pins"
