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

# in_memory lets what follows keep its temporary files, databases among them, in memory
# where the machine has 4 GiB to spare there; make test then doesn't wait for the disk
# (make accept does: what the disk must do is proven there). They go when the script ends.
in_memory() {
  local free
  free=$(df --output=avail -k /dev/shm 2> /dev/null | tail -n 1)
  [ -w /dev/shm ] && [ "${free:-0}" -ge $((4 << 20)) ] || return 0
  TMPDIR=$(mktemp -d /dev/shm/mingfa-test-XXXXXX) || return 0
  chmod 1777 "$TMPDIR" # PostgreSQL runs under another account
  export TMPDIR
  trap 'rm -rf "$TMPDIR"' EXIT
}

have() { command -v "$1" > /dev/null 2>&1; }

# The packages, by name: "./..." would walk through web/node_modules too.
packages="./cmd/... ./internal/... ./migrations/... ./web"
