# Sourced by the other scripts: named sections with their time, and a list of
# what was skipped at the end.

skipped=()
started=$SECONDS

# section NAME COMMAND...: runs a step; the first that fails ends the script.
section() {
  local name=$1 from=$SECONDS
  shift
  printf '\n== %s\n' "$name"
  if "$@"; then
    printf '== %s: ok, %d s\n' "$name" $((SECONDS - from))
  else
    local code=$?
    printf '== %s: FAILED (%d), %d s\n' "$name" "$code" $((SECONDS - from))
    exit "$code"
  fi
}

# skip WHAT WHY: notes what this machine can't check.
skip() {
  skipped+=("$1: $2")
  printf '\n== %s: SKIPPED: %s\n' "$1" "$2"
}

# summary NAME: the end.
summary() {
  printf '\n== %s: ok, %d s\n' "$1" $((SECONDS - started))
  for s in "${skipped[@]}"; do printf '   skipped %s\n' "$s"; done
}

have() { command -v "$1" > /dev/null 2>&1; }

# The packages, by name: "./..." would walk through web/node_modules too.
packages="./cmd/... ./internal/... ./migrations/... ./web"
