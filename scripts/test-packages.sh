#!/bin/sh
# What the tests need of Debian: Chromium, a PostgreSQL server; `bench` also nginx, wrk and smtp-sink. Installs what is missing
# where it may, and says plainly what it could not: those tests are skipped at home and fail on CI.
set -u
missing=""
need() { # command, package
  command -v "$1" >/dev/null 2>&1 || [ -x "/usr/sbin/$1" ] || ls /usr/lib/postgresql/*/bin/"$1" >/dev/null 2>&1 || missing="$missing $2"
}
need chromium chromium
need initdb postgresql
if [ "${1:-}" = bench ]; then need nginx nginx-light; need wrk wrk; need smtp-sink postfix; fi
[ -z "$missing" ] && exit 0

if ! command -v apt-get >/dev/null 2>&1; then
  echo "Not here, and this is no Debian to take them from:$missing. What needs them is left out." >&2
  exit 0
fi
if [ "$(id -u)" = 0 ]; then sudo=""; elif sudo -n true 2>/dev/null; then sudo="sudo -n"; else
  echo "Not here, and installing needs root:$missing. Run: sudo apt-get install$missing" >&2
  exit 0
fi
echo "Installing$missing"
policy=/usr/sbin/policy-rc.d # nothing of it is to be started as a service (postfix would be)
if [ ! -e "$policy" ] && printf '#!/bin/sh\nexit 101\n' | $sudo tee "$policy" >/dev/null; then
  $sudo chmod +x "$policy"
  trap '$sudo rm -f "$policy"' EXIT
fi
$sudo apt-get update -qq >/dev/null 2>&1
# shellcheck disable=SC2086 # words are meant
$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null 2>&1 ||
  echo "Could not install:$missing. What needs them is left out." >&2
exit 0
