#!/bin/sh
# Installs Chromium for the browser tests, where that can be done without asking anybody: as root, with apt.
# Exits with 3 where it can't; does nothing where Chromium is already there.
set -eu

command -v chromium >/dev/null 2>&1 && exit 0

if ! command -v apt-get >/dev/null 2>&1; then
  echo "There is no Chromium here, and no apt-get to install it with. Install it, or set CHROMIUM_PATH." >&2
  exit 3
fi
if [ "$(id -u)" != 0 ]; then
  echo "There is no Chromium here. Run as root: apt-get install chromium, or set CHROMIUM_PATH." >&2
  exit 3
fi

# Several test files may come here at once: the first installs, the others wait and find it done.
exec 9>/tmp/install-browser.lock
flock 9
command -v chromium >/dev/null 2>&1 && exit 0

export DEBIAN_FRONTEND=noninteractive
log=$(mktemp)
trap 'rm -f "$log"' EXIT
if ! { apt-get update && apt-get install -y --no-install-recommends chromium; } >"$log" 2>&1; then
  tail -n 20 "$log" >&2
  exit 1
fi
