#!/usr/bin/env bash
# Installs what the tests need on Debian when it is missing and we are root:
# a PostgreSQL server, a browser, a Chinese font, strace, readers of PDF. Without root it says what
# will be skipped. Nothing is configured and nothing is started.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/sections.sh

postgres() { have initdb || compgen -G '/usr/lib/postgresql/*/bin/initdb' > /dev/null; }
font() { have fc-list && [ -n "$(fc-list :lang=zh-cn family)" ]; }

missing=()
postgres || missing+=(postgresql)
have chromium || have chromium-browser || have google-chrome || missing+=(chromium)
font || missing+=(fonts-noto-cjk fontconfig)
have strace || missing+=(strace)
have pdftotext || missing+=(poppler-utils)

if [ ${#missing[@]} -eq 0 ]; then
  echo "all there"
elif [ "$(id -u)" -ne 0 ]; then
  echo "not root, so these are not installed and what needs them is skipped: ${missing[*]}"
elif ! have apt-get; then
  echo "no apt-get here, so these are not installed and what needs them is skipped: ${missing[*]}"
else
  echo "installing ${missing[*]}"
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq
  apt-get install -y -qq --no-install-recommends "${missing[@]}" < /dev/null > /dev/null
  postgres || { echo "PostgreSQL is still missing" >&2; exit 1; }
fi
