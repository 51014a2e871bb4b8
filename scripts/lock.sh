#!/bin/sh
# Resolve the locked requirements: hash-pinned, for every platform, naming no index.
set -eu
cd "$(dirname "$0")/.."
.venv/bin/python -m pip install --quiet uv
compile() {
  .venv/bin/python -m uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-emit-find-links \
    --no-annotate --no-header --python-version 3.11 "$@"
}
compile pyproject.toml scripts/build.in --output-file requirements.txt
compile --group dev --constraints requirements.txt --output-file requirements-dev.txt
compile scripts/node.in --output-file requirements-node.txt
