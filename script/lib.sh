# What script/demo, script/test, script/check and .ci/run share. Needs bash, coreutils and python3, nothing else.
# shellcheck shell=bash
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export PYTHONUNBUFFERED=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PYTHONUTF8=1
VENV=${VENV:-.venv}
PY=$VENV/bin/python
[[ $PY = /* ]] || PY=$PWD/$PY

say() { printf '%s\n' "$*"; }
fail() { printf '%s\n' "$*" >&2; exit 1; }

# step "what happens" command …   says what it does and how long it took; shows the output only when it fails.
step() {
  local words=$1 started=$SECONDS log; shift
  log=$(mktemp); printf '• %s … ' "$words"
  if "$@" > "$log" 2>&1 < /dev/null; then
    printf 'done (%d s)\n' "$((SECONDS - started))"; rm -f "$log"
  else
    printf 'FAILED after %d s:\n' "$((SECONDS - started))"; tail -n 40 "$log"; rm -f "$log"; return 1
  fi
}

find_python() {
  local candidate
  for candidate in "${PYTHON:-}" python3 python3.13 python3.12 python3.11; do
    [ -n "$candidate" ] && command -v "$candidate" > /dev/null || continue
    "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2> /dev/null && { command -v "$candidate"; return; }
  done
  fail "Python 3.11 or newer is needed (python3 on Debian 12 and Ubuntu 24.04 is new enough)."
}

# --- System packages ---------------------------------------------------------------------------------------------
# Each package is asked for by what it gives (a library that loads, a command), so other systems work too.
WANTED=()   # packages to install
REASONS=()  # a line for each

want() {  # want PACKAGE "what for" test-command …
  local package=$1 reason=$2; shift 2
  "$@" > /dev/null 2>&1 && return
  WANTED+=("$package"); REASONS+=("    $package: $reason")
}
loads() { "$SYSTEM_PYTHON" -c 'import ctypes, sys; ctypes.CDLL(sys.argv[1])' "$1"; }
has_fonts() { [ -n "$(find -L /usr/share/fonts /usr/local/share/fonts "$HOME/.fonts" -name 'DejaVuSans.ttf' -print -quit 2> /dev/null)" ]; }

want_for_running() {
  want python3-venv "makes the virtual environment .venv" "$SYSTEM_PYTHON" -c 'import venv, ensurepip'
  want libpango-1.0-0 "sets the text of PDF certificates" loads libpango-1.0.so.0
  want libpangoft2-1.0-0 "draws fonts in PDF certificates" loads libpangoft2-1.0.so.0
  want libharfbuzz-subset0 "keeps PDF certificates small and quick to make" loads libharfbuzz-subset.so.0
  want fonts-dejavu-core "letters for names in Latin, Greek, Cyrillic, Arabic, Armenian and Georgian script" has_fonts
}
# Debian packs Chromium without its windows apart: the same engine, half the work for each test.
browser_package() { if grep -qs '^ID=debian' /etc/os-release; then echo chromium-headless-shell; else echo chromium; fi; }
has_browser() { command -v chromium-headless-shell || command -v chromium; }
want_for_words() { want gettext "finds words that are not translated yet" command -v xgettext; }
want_for_tests() {
  want "$(browser_package)" "is driven by the browser tests" has_browser
  want poppler-utils "looks at seals of certificates as others do" command -v pdfsig
  want libatomic1 "starts the driver of the browser tests" loads libatomic.so.1
  want softhsm2 "a token with the key of the seal, as the tests of pkcs11 need it" command -v softhsm2-util
  want_for_words
}

install_wanted() {
  [ ${#WANTED[@]} -gt 0 ] || return 0
  say "These system packages are missing:"; printf '%s\n' "${REASONS[@]}"
  local line="apt-get update && apt-get install --yes --no-install-recommends ${WANTED[*]}" root=()
  if [ "$(id -u)" != 0 ]; then
    root=(sudo)
    { command -v sudo > /dev/null && { sudo -n true 2> /dev/null || [ -t 0 ]; }; } || {
      say ""; say "Please run this one line as root, then start again:"; say ""; say "    $line"; say ""; exit 1; }
    root=(sudo DEBIAN_FRONTEND=noninteractive); sudo -v
  fi
  command -v apt-get > /dev/null || fail "This system has no apt-get; please install what these packages hold: ${WANTED[*]}"
  export DEBIAN_FRONTEND=noninteractive
  step "Reading the package lists" "${root[@]}" apt-get update || true  # one source that is down need not matter
  step "Installing ${WANTED[*]}" "${root[@]}" apt-get install --yes --no-install-recommends "${WANTED[@]}" || return 1
  WANTED=(); REASONS=()
}

# --- Python packages ---------------------------------------------------------------------------------------------
# The stamp is written last and holds what was installed, so an interrupted run is simply done again.
make_environment() {  # make_environment requirements.lock
  local lock=$1 stamp mark
  stamp=$VENV/installed-${lock%.lock}
  mark="$(sha256sum < "$lock") $("$SYSTEM_PYTHON" -c 'import sys; print(sys.version)' | tr '\n' ' ')"
  if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$mark" ] && "$PY" -c '' 2> /dev/null; then return; fi
  if ! "$PY" -m pip --version > /dev/null 2>&1 || ! "$PY" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
    step "Making the virtual environment $VENV" "$SYSTEM_PYTHON" -m venv --clear "$VENV" || return 1
  fi
  # Without --no-compile pip spends a third of its time on byte code that is never used.
  step "Installing the Python packages of $lock (hashes checked)" \
    "$PY" -m pip install --require-hashes --no-deps --no-compile --no-input --quiet -r "$lock" || return 1
  printf '%s' "$mark" > "$stamp"
}

prepare() {  # prepare requirements.lock [want_for_tests]: everything a command of this folder needs
  SYSTEM_PYTHON=$(find_python)
  local wants
  for wants in want_for_running "${@:2}"; do "$wants"; done
  install_wanted
  # Two commands started together wait for each other instead of installing into one folder at once.
  mkdir -p var; exec 8> var/setup.lock; if command -v flock > /dev/null; then flock 8; fi
  make_environment "$1"
  "$PY" script/compile_messages.py
  exec 8>&-
}

port_answers() { (exec 3<> "/dev/tcp/$1/$2") 2> /dev/null; }
