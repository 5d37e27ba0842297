# shellcheck shell=bash
# What every command of dev/ shares: where things lie, how they are said, and the set-up, step by step.
#
# Nothing is written into the checkout. All that is downloaded or generated lies in the cache folder:
#   KEY_ACCOUNT_CACHE when set; /var/cache/key_account for root (PostgreSQL runs as another user there and has to
#   reach it, which it could not in /root); else ${XDG_CACHE_HOME:-$HOME/.cache}/key_account.
# Each step leaves a stamp after it succeeded, never before: an interrupted set-up is simply run again.
set -euo pipefail

DEV=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
CHECKOUT=$(dirname "$DEV")

if [ -n "${KEY_ACCOUNT_CACHE:-}" ]; then CACHE=$KEY_ACCOUNT_CACHE
elif [ "$(id -u)" = 0 ]; then CACHE=/var/cache/key_account
else CACHE=${XDG_CACHE_HOME:-${HOME:-/nonexistent}/.cache}/key_account; fi
# Two checkouts share Odoo and the Python packages, but neither databases nor the addons link.
CHECKOUT_KEY=$(printf %s "$CHECKOUT" | sha256sum | cut -c1-6)
WORK=$CACHE/checkout-$CHECKOUT_KEY
ADDONS=$WORK/addons
SETUP_LOG=$CACHE/setup.log

say() { printf '%s\n' "$*" >&2; }
die() { printf '%s: %s\n' "$(basename "$0")" "$*" >&2; exit 1; }

# quietly SENTENCE COMMAND... : the output goes to the log; a failure becomes the one sentence.
quietly() {
  local sentence=$1; shift
  "$@" >>"$SETUP_LOG" 2>&1 </dev/null || die "$sentence (details: $SETUP_LOG)"
}

# step NAME KEY MESSAGE FUNCTION: runs the function unless it has succeeded with this key before.
step() {
  local stamp=$CACHE/stamps/$1
  [ "$(cat "$stamp" 2>/dev/null)" != "$2" ] || return 0
  say "$3"
  "$4"
  printf %s "$2" >"$stamp.new"
  mv "$stamp.new" "$stamp"
}

# take_lock FD MESSAGE: waits for whoever holds the lock, saying so.
take_lock() {
  flock -n "$1" && return 0
  say "$2"
  flock "$1"
}

has() { command -v "$1" >/dev/null 2>&1; }

# --- System packages ---

find_python() {
  local candidate
  for candidate in /usr/bin/python3 python3 python3.13 python3.12 python3.11 python3.10; do
    if "$candidate" -c 'import sys, venv, ensurepip; sys.exit(not (3, 10) <= sys.version_info[:2] <= (3, 13))' \
        >/dev/null 2>&1; then
      command -v "$candidate"; return 0
    fi
  done
  return 1
}

# The newest PostgreSQL server on the machine; Debian keeps its programs out of PATH.
find_postgres() {
  local bin
  bin=$(printf '%s\n' /usr/lib/postgresql/*/bin | sort -V | tail -n 1)
  if [ -x "$bin/initdb" ]; then echo "$bin"
  elif has initdb; then dirname "$(command -v initdb)"
  else return 1; fi
}

own_server_wanted() { [ -z "${USER_PGHOST}${USER_PGPORT}${USER_PGUSER}" ]; }

pdf_is_there() { has wkhtmltopdf || [ -e "$CACHE/stamps/wkhtmltopdf" ]; }

# Debian 13 has no wkhtmltopdf any more. Without package lists (a bare machine) nothing is known yet.
known_to_lack() {
  has apt-cache || return 0
  compgen -G "/var/lib/apt/lists/*_Packages*" >/dev/null && [ -z "$(apt-cache show "$1" 2>/dev/null)" ]
}

missing_packages() {
  find_python >/dev/null || echo python3 python3-venv
  if own_server_wanted; then find_postgres >/dev/null || echo postgresql
  else has psql || echo postgresql-client; fi
  pdf_is_there || known_to_lack wkhtmltopdf || echo wkhtmltopdf
  [ -e /usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc ] || ! has dpkg || echo fonts-noto-cjk
  [ -e /etc/ssl/certs/ca-certificates.crt ] || ! has dpkg || echo ca-certificates
  [ "$1" != browser ] || has chromium || has google-chrome || has chromium-browser || echo chromium
}

as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi; }

may_be_root() {
  [ "$(id -u)" = 0 ] || { has sudo && { sudo -n true 2>/dev/null || { [ -t 0 ] && sudo true; }; }; }
}

install_packages() {
  local packages
  packages=$(missing_packages "$1" | tr '\n' ' ')
  packages=${packages% }
  [ -n "$packages" ] || return 0
  has apt-get || die "Please install these yourself, this system has no apt-get: $packages"
  may_be_root || die "These packages are missing and this user is neither root nor allowed to use sudo;" \
    "ask for: apt-get install $packages"
  say "Installing system packages: $packages"
  local options=(-q -o DPkg::Lock::Timeout=600 -o APT::Update::Error-Mode=any)
  # An earlier run that was cut off may have left packages half configured.
  quietly "The package database of this system is damaged" as_root env DEBIAN_FRONTEND=noninteractive dpkg --configure -a
  quietly "Could not fetch the package lists; is the network reachable?" as_root apt-get "${options[@]}" update
  packages=$(missing_packages "$1" | tr '\n' ' ')
  # shellcheck disable=SC2086 # a list of names
  quietly "Could not install $packages; is the network reachable?" as_root env DEBIAN_FRONTEND=noninteractive \
    apt-get "${options[@]}" install -y --no-install-recommends $packages
}

# --- Odoo ---

# "URI [KEYRING]" of the machine's own Debian source: the mirror that is reachable from here, whatever it is.
debian_source() {
  { cat /etc/apt/sources.list.d/*.sources 2>/dev/null || true; } | awk -v RS= -F '\n' '
    /(^|\n)Enabled: *no/ { next }
    { uri = suites = key = ""
      for (i = 1; i <= NF; i++) {
        if ($i ~ /^URIs:/) { split($i, word, /[ \t]+/); uri = word[2] }
        if ($i ~ /^Suites:/) suites = $i
        if ($i ~ /^Signed-By: *\//) { split($i, word, /[ \t]+/); key = word[2] } }
      if (uri ~ /debian/ && (uri suites) !~ /security/) print uri, key }'
  { cat /etc/apt/sources.list /etc/apt/sources.list.d/*.list 2>/dev/null || true; } | awk '
    $1 != "deb" || /security/ { next }
    { key = ""
      if (match($0, /signed-by=[^] ]+/)) key = substr($0, RSTART + 10, RLENGTH - 10)
      sub(/\[[^]]*\]/, "")
      if ($2 ~ /debian/) print $2, key }'
}

# apt with lists and cache of its own, so that the system's sources are left alone. Signatures are checked as ever; a
# mirror that stands still for a while (sid's lists are good for days only) is accepted.
private_apt() {
  apt-get -q -o Dir::Etc::sourcelist="$FETCH/sources.list" -o Dir::Etc::sourceparts=/dev/null \
    -o Dir::State::Lists="$FETCH/lists" -o Dir::Cache="$FETCH/cache" -o APT::Sandbox::User=root \
    -o APT::Update::Error-Mode=any -o APT::Default-Release= -o Acquire::Languages=none \
    -o Acquire::Check-Valid-Until=false "$@"
}

write_private_sources() {
  local uri=${DEBIAN_MIRROR:-} key='' suite
  [ -n "$uri" ] || read -r uri key < <(debian_source) || true # the first line
  if [ -z "$uri" ] || ! has apt-get || ! has dpkg; then
    die "This machine has no Debian source to get Odoo 19 from: set DEBIAN_MIRROR to a Debian mirror (needs apt)," \
      "or KEY_ACCOUNT_ODOO to an Odoo 19 source"
  fi
  for key in "$key" /usr/share/keyrings/debian-archive-keyring.gpg; do [ ! -e "$key" ] || break; done
  for suite in sid bookworm; do
    echo "deb ${key:+[signed-by=$key] }$uri $suite main"
  done >"$FETCH/sources.list"
}

# The Debian package of Odoo and the packages its links point to. Fonts and scripts come from the suite whose
# paths the links were made for; nothing of it is installed, only unpacked.
fetch_odoo() {
  FETCH=$CACHE/odoo.fetch
  rm -rf "$FETCH"; mkdir -p "$FETCH"/{lists/partial,cache/archives/partial,debs,root}
  write_private_sources
  quietly "Could not fetch the Debian package lists; is the network reachable?" private_apt update
  (cd "$FETCH/debs" && quietly "Could not download Odoo 19; is the network reachable?" private_apt download \
    {odoo-19,fonts-montserrat}/sid {libjs-jquery,libjs-jquery-form,libjs-underscore}/bookworm \
    {fonts-font-awesome,fonts-inconsolata,fonts-ocr-b,fonts-roboto-unhinted}/bookworm)
  local deb
  for deb in "$FETCH"/debs/*.deb; do quietly "Could not unpack $deb" dpkg -x "$deb" "$FETCH/root"; done
  local packages=$FETCH/root/usr/lib/python3/dist-packages
  rm -rf "$packages/addons" # a stray copy without views and data that Odoo would find next to itself
  fill_in_selfie_segmentation "$packages/odoo/addons/mail/static/lib/selfie_segmentation"
  chmod -R a+rX "$FETCH/root"
  rm -rf "$CACHE/odoo"; mv "$FETCH/root" "$CACHE/odoo"
  rm -rf "$FETCH"
}

# Debian removed this file, and every page logs an error without it. It only blurs the background of video calls:
# empty will do where npm is missing.
fill_in_selfie_segmentation() {
  local file=$1/selfie_segmentation.js name=@mediapipe/selfie_segmentation
  [ ! -s "$file" ] || return 0
  mkdir -p "$1"; : >"$file"
  if has npm && (cd "$FETCH" && npm pack --silent "$name" && tar -xzf mediapipe-*.tgz) >>"$SETUP_LOG" 2>&1 </dev/null; then
    cp "$FETCH/package/selfie_segmentation.js" "$file"
  fi
}

use_given_odoo() {
  [ -f "$KEY_ACCOUNT_ODOO/odoo/release.py" ] ||
    die "KEY_ACCOUNT_ODOO=$KEY_ACCOUNT_ODOO is not an Odoo source: there is no odoo/release.py in it"
  ODOO_DIR=$(cd "$KEY_ACCOUNT_ODOO" && pwd -P)
  local series
  series=$("$PYTHON" -c 'import runpy, sys; print(*runpy.run_path(sys.argv[1])["version_info"][:2], sep=".")' \
    "$ODOO_DIR/odoo/release.py" 2>/dev/null) || series=unknown
  [ "$series" = 19.0 ] || die "KEY_ACCOUNT_ODOO=$KEY_ACCOUNT_ODOO is Odoo $series, but this addon needs Odoo 19.0"
}

setup_odoo() {
  if [ -n "${KEY_ACCOUNT_ODOO:-}" ]; then use_given_odoo; return; fi
  step odoo 19.0-1 "Fetching Odoo 19 (140 MB)" fetch_odoo
  ODOO_DIR=$CACHE/odoo/usr/lib/python3/dist-packages
}

# --- wkhtmltopdf where the system has none: Debian 12's, unpacked with every library that it needs ---

fetch_wkhtmltopdf() {
  FETCH=$CACHE/wkhtmltopdf.fetch
  rm -rf "$FETCH"; mkdir -p "$FETCH"/{lists/partial,cache/archives/partial,root}
  write_private_sources
  sed -i '/ sid main$/d' "$FETCH/sources.list"
  : >"$FETCH/status" # as if nothing were installed, so that all of it is fetched
  quietly "Could not fetch the Debian package lists; is the network reachable?" private_apt update
  quietly "Could not download wkhtmltopdf; is the network reachable?" private_apt -o Dir::State::status="$FETCH/status" \
    -o Debug::NoLocking=1 --no-install-recommends --download-only -y install wkhtmltopdf
  local deb
  for deb in "$FETCH"/cache/archives/*.deb; do quietly "Could not unpack $deb" dpkg -x "$deb" "$FETCH/root"; done
  mkdir -p "$FETCH/root/path"
  cat >"$FETCH/root/path/wkhtmltopdf" <<'WRAPPER'
#!/bin/bash
root=$(dirname "$(dirname "$(readlink -f "$0")")")
libraries=$(find "$root/usr/lib" "$root/lib" -maxdepth 2 -name '*-linux-gnu*' -type d | tr '\n' ':')
QT_PLUGIN_PATH=$(find "$root/usr/lib" -path '*/qt5/plugins' | head -n 1)
export QT_PLUGIN_PATH
exec "$(find "$root/lib" "$root/lib64" -name 'ld-linux*.so.*' | head -n 1)" --library-path "$libraries" \
  "$root/usr/bin/wkhtmltopdf" "$@"
WRAPPER
  chmod +x "$FETCH/root/path/wkhtmltopdf"
  chmod -R a+rX "$FETCH/root"
  rm -rf "$CACHE/wkhtmltopdf"; mv "$FETCH/root" "$CACHE/wkhtmltopdf"
  rm -rf "$FETCH"
}

setup_pdf() {
  if ! has wkhtmltopdf && has apt-get && [ -n "${DEBIAN_MIRROR:-$(debian_source)}" ]; then
    step wkhtmltopdf 1 "Fetching wkhtmltopdf (100 MB)" fetch_wkhtmltopdf
    export PATH=$CACHE/wkhtmltopdf/path:$PATH
  fi
  has wkhtmltopdf || say "There is no wkhtmltopdf: reports cannot be printed."
}

# --- Python ---

make_venv() {
  quietly "Could not make a Python environment in $VENV" "$SYSTEM_PYTHON" -m venv --clear "$VENV"
  quietly "Could not install the Python packages; is the network reachable?" \
    "$VENV/bin/python" -m pip install --no-input --disable-pip-version-check --prefer-binary \
    -r "$DEV/requirements.txt" -r "$DEV/requirements-check.txt"
}

setup_python() {
  local key
  SYSTEM_PYTHON=$(find_python) || die "No Python from 3.10 to 3.13 with venv was found"
  key=$({ "$SYSTEM_PYTHON" -V; cat "$DEV/requirements.txt" "$DEV/requirements-check.txt"; } | sha256sum | cut -c1-12)
  VENV=$CACHE/venv-$key
  PYTHON=$VENV/bin/python
  step "venv-$key" "$key" "Installing Python packages" make_venv
}

# --- All of it ---

# setup plain|browser: afterwards PYTHON, ODOO_DIR and ADDONS are there and exported for what is started.
setup() {
  remember_given_server
  mkdir -p "$CACHE/stamps" "$WORK/run" "$ADDONS" 2>/dev/null ||
    die "The cache folder $CACHE cannot be written; set KEY_ACCOUNT_CACHE to a folder that can"
  chmod a+x "$CACHE" "$WORK"
  exec 9>"$CACHE/setup.lock"
  take_lock 9 "Another set-up is running; waiting for it"
  install_packages "$1"
  setup_python
  setup_odoo
  setup_pdf
  [ "$(readlink "$ADDONS/key_account" || true)" = "$CHECKOUT" ] || ln -sfn "$CHECKOUT" "$ADDONS/key_account"
  exec 9>&-
  export PYTHONPATH=$ODOO_DIR PYTHONPYCACHEPREFIX=$CACHE/pycache PYTHONUNBUFFERED=1
  export PATH=$VENV/bin:$PATH
}

# The user's own PG variables decide whether a private server is started; later they are overwritten.
remember_given_server() {
  USER_PGHOST=${PGHOST:-} USER_PGPORT=${PGPORT:-} USER_PGUSER=${PGUSER:-}
  unset PGDATABASE ODOO_RC # Odoo would take its database or configuration from these
}

# shellcheck source=dev/lib_db.sh
. "$DEV/lib_db.sh"
