# shellcheck shell=bash
# The PostgreSQL server and the databases: see lib.sh, which reads this file.
#
# The private server listens on a Unix socket below the cache folder only, so that it needs neither a port nor a
# password. With PGHOST, PGPORT or PGUSER set the user's own server serves instead.

PG_DIR=$WORK/postgres
PREFIX=ka_$CHECKOUT_KEY

# --- The server ---

# PostgreSQL refuses to run as root.
as_postgres() { if [ "$(id -u)" = 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi; }

make_cluster() {
  rm -rf "$PG_DIR/data" "$PG_DIR/data.new"
  mkdir -p "$PG_DIR"
  chmod 700 "$PG_DIR"
  [ "$(id -u)" != 0 ] || chown postgres: "$PG_DIR"
  as_postgres test -w "$PG_DIR" ||
    die "The user postgres cannot reach $PG_DIR; set KEY_ACCOUNT_CACHE to a folder that it can"
  local locale=C
  ! locale -a 2>/dev/null | grep -qix 'c.utf-\?8' || locale=C.UTF-8
  quietly "Could not make the private PostgreSQL server" as_postgres "$PG_BIN/initdb" -D "$PG_DIR/data.new" \
    -U owner --auth=trust --encoding=UTF8 --locale="$locale" --no-sync
  as_postgres tee -a "$PG_DIR/data.new/postgresql.conf" >/dev/null <<CONF
# Only sockets, in a folder nobody else may enter. What lies here can be made again: speed before safety.
listen_addresses = ''
unix_socket_permissions = 0700
max_connections = 200
shared_buffers = 512MB
work_mem = 64MB
maintenance_work_mem = 256MB
effective_cache_size = 2GB
fsync = off
synchronous_commit = off
full_page_writes = off
max_wal_size = 4GB
checkpoint_timeout = 30min
random_page_cost = 1.1
jit = off
CONF
  as_postgres mv "$PG_DIR/data.new" "$PG_DIR/data"
}

# A socket's path may have some hundred characters only.
socket_dir() {
  local dir=$PG_DIR/socket
  [ ${#dir} -lt 90 ] || dir=/tmp/key_account-$(id -u)-$CHECKOUT_KEY
  echo "$dir"
}

cluster_runs() { as_postgres "$PG_BIN/pg_ctl" -D "$PG_DIR/data" status >/dev/null 2>&1; }

start_cluster() {
  PG_BIN=$(find_postgres) || die "No PostgreSQL server was found"
  local major; major=$("$PG_BIN/initdb" --version | grep -oE '[0-9]+' | head -n 1)
  PG_DIR=$WORK/postgres-$major
  exec 8>"$WORK/postgres.lock"
  take_lock 8 "Another command is starting PostgreSQL; waiting for it"
  [ -e "$PG_DIR/data/PG_VERSION" ] || { say "Making a private PostgreSQL server"; make_cluster 8>&- 7>&-; }
  local socket; socket=$(socket_dir)
  # Asked at the socket: after a crash the number in PostgreSQL's own file may be another process's.
  if ! "$PG_BIN/pg_isready" -q -h "$socket" -p 5432; then
    as_postgres mkdir -p -m 700 "$socket"
    quietly "The private PostgreSQL server does not start, see $PG_DIR/log" as_postgres "$PG_BIN/pg_ctl" \
      -D "$PG_DIR/data" -l "$PG_DIR/log" -w -t 120 -o "-k '$socket'" start 8>&- 7>&-
  fi
  PGUSER=owner psql -Xqh "$socket" postgres -c "DO \$\$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'odoo')
    THEN CREATE ROLE odoo LOGIN SUPERUSER; END IF; END \$\$" >>"$SETUP_LOG" 2>&1 ||
    die "The private PostgreSQL server does not answer (details: $SETUP_LOG)"
  exec 8>&-
  export PGHOST=$socket PGPORT=5432 PGUSER=odoo
  unset PGPASSWORD
}

check_given_server() {
  local where="PGHOST=${PGHOST:-} PGPORT=${PGPORT:-} PGUSER=${PGUSER:-}" version
  [ "${PGUSER:-}" != postgres ] || die "Odoo refuses to work as the database user postgres; set PGUSER to another one"
  export PGCONNECT_TIMEOUT=10
  version=$(psql -XAtw postgres -c 'SHOW server_version_num' 2>>"$SETUP_LOG") ||
    die "No PostgreSQL server answers at $where; correct these variables, or unset them to use a private server"
  [ "$version" -ge 130000 ] || die "The PostgreSQL server at $where is older than version 13"
  [ "$(psql -XAtw postgres -c 'SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user')" = t ] ||
    die "The database user at $where may not create databases"
}

# Whoever uses the private server holds this lock as long as it lives, so that --stop does not pull it away.
setup_database() {
  if ! own_server_wanted; then
    check_given_server
    # Another machine may use that server for a checkout at the same path.
    PREFIX=ka_$(printf %s "$HOSTNAME$CHECKOUT" | sha256sum | cut -c1-6)
    return
  fi
  exec 7>>"$WORK/postgres.users"
  flock -s 7
  start_cluster
}

stop_cluster() {
  PG_BIN=$(find_postgres) || return 0
  local dir
  exec 7>>"$WORK/postgres.users"
  if ! flock -n 7; then say "The private PostgreSQL server is in use by another command and stays up."; return; fi
  for dir in "$WORK"/postgres-*/; do
    PG_DIR=${dir%/}
    cluster_runs || continue
    quietly "The private PostgreSQL server does not stop" as_postgres "$PG_BIN/pg_ctl" -D "$PG_DIR/data" -m fast -w stop
    say "Stopped the private PostgreSQL server."
  done
}

# --- Odoo's configuration ---

# write_conf FILE [LINE...]: connection settings come from the environment, so no password is written.
write_conf() {
  local file=$1 paths=$ADDONS; shift
  [ ! -e "$ODOO_DIR/addons/web/__manifest__.py" ] || paths=$ODOO_DIR/addons,$paths
  printf '%s\n' '[options]' "addons_path = $paths" "data_dir = $WORK/data" \
    'list_db = False' 'workers = 0' 'max_cron_threads = 1' 'limit_time_real = 3600' 'limit_time_cpu = 3600' \
    'limit_memory_soft = 6442450944' 'limit_memory_hard = 8589934592' \
    'log_handler = :INFO,werkzeug:WARNING' "$@" >"$file.$$"
  mv "$file.$$" "$file"
}

odoo_server() { "$PYTHON" -m odoo "$@" 7>&- 8>&-; }

free_port() {
  "$PYTHON" -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

# --- Databases ---

sql() { psql -XAtqw -v ON_ERROR_STOP=1 "$1" -c "$2"; }
database_exists() { [ "$(sql postgres "SELECT 1 FROM pg_database WHERE datname = '$1'")" = 1 ]; }
filestore() { echo "$WORK/data/filestore/$1"; }

drop_database() {
  dropdb -w --if-exists --force "$1" 2>>"$SETUP_LOG"
  rm -rf "$(filestore "$1")"
}

# Attachments are named by their content and never changed in place, so hard links will do. The files come first:
# a database that is there is whole, even if we are cut off.
copy_database() {
  rm -rf "$(filestore "$2")"
  [ ! -d "$(filestore "$1")" ] || cp -al "$(filestore "$1")" "$(filestore "$2")"
  createdb -w -T "$1" "$2"
}

rename_database() {
  rm -rf "$(filestore "$2")"
  [ ! -d "$(filestore "$1")" ] || mv "$(filestore "$1")" "$(filestore "$2")"
  sql postgres "ALTER DATABASE \"$1\" RENAME TO \"$2\""
}

manifest_depends() {
  "$PYTHON" -c 'import ast, sys; print(",".join(ast.literal_eval(open(sys.argv[1]).read())["depends"]))' \
    "$CHECKOUT/__manifest__.py" 2>/dev/null || die "__manifest__.py cannot be read"
}

short_hash() { sha256sum | cut -c1-12; }

# source_hash plain|demo: of all files that an installation reads; with "demo" also of the demo story.
source_hash() {
  local skip=(-name .git -o -name tests -o -name dev -o -name static -o -name doc -o -name __pycache__)
  [ "$1" = demo ] || skip+=(-o -name demo)
  (cd "$CHECKOUT" && find . \( "${skip[@]}" \) -prune -o -type f \
    \( -name '*.py' -o -name '*.xml' -o -name '*.csv' -o -name '*.po' -o -name '*.json' \) -print0 |
    LC_ALL=C sort -z | xargs -0 sha256sum 2>/dev/null) | short_hash
}

# install_modules DATABASE MODULES LOG [OPTION...]
install_modules() {
  local database=$1 modules=$2 log=$3; shift 3
  if ! odoo_server -c "$WORK/odoo.conf" -d "$database" -i "$modules" --load-language=en_US,zh_CN --stop-after-init "$@" \
      >"$log" 2>&1 </dev/null; then
    grep -E ' (ERROR|CRITICAL) |^[A-Za-z_.]*(Error|Exception)\b' "$log" | tail -n 8 >&2 || true
    die "Installing $modules failed (details: $log)"
  fi
  [ "$(sql "$database" "SELECT count(*) FROM ir_module_module WHERE state <> 'installed'
      AND name = ANY(string_to_array('$modules', ','))")" = 0 ] ||
    die "Odoo did not install all of $modules (details: $log)"
}

# dependencies_database plain|demo: name of a database with everything we depend on; made once per Odoo and manifest.
dependencies_database() {
  local demo='' depends name
  [ "$1" = plain ] || demo=1
  depends=$(manifest_depends)
  name=${PREFIX}_deps_$({ echo "$ODOO_DIR $depends $demo"
    cat "$ODOO_DIR/odoo/release.py" "$CACHE/stamps/odoo" 2>/dev/null || true; } | short_hash)
  if ! database_exists "$name"; then
    say "Installing the modules we depend on${demo:+ with demo data} (one to three minutes, once)"
    drop_database "${name}_new"
    createdb -w -T template0 "${name}_new"
    install_modules "${name}_new" "$depends" "$WORK/log/dependencies-$1.log" ${demo:+--with-demo} >&2
    rename_database "${name}_new" "$name"
  fi
  echo "$name"
}

# module_database NEW: makes NEW a database with key_account as the checkout has it now, without demo, with zh_CN.
module_database() {
  local new=$1 hash name base
  exec 6>"$WORK/databases.lock"
  take_lock 6 "Another command is preparing the test database; waiting for it"
  hash=$(source_hash plain)
  base=$(dependencies_database plain 6>&-)
  name=${PREFIX}_mod_$(printf %s "$base $hash" | short_hash)
  if database_exists "$name"; then
    copy_database "$name" "$new"
  else
    say "Installing key_account"
    copy_database "$base" "$new"
    install_modules "$new" key_account "$WORK/log/module.log" 6>&-
    # Somebody may have saved a file in the meantime: then nobody knows what exactly was installed.
    [ "$(source_hash plain)" != "$hash" ] || { copy_database "$new" "$name"; prune_module_databases; }
  fi
  exec 6>&-
}

prune_module_databases() {
  local old
  for old in $(sql postgres "SELECT datname FROM pg_database
      WHERE datname LIKE '${PREFIX}\\_mod\\_%' ORDER BY oid DESC OFFSET 4"); do
    drop_database "$old"
  done
}

# Databases of runs that were killed before they could tidy up; their names end in the number of the process.
drop_orphans() {
  local name
  for name in $(sql postgres "SELECT datname FROM pg_database WHERE datname LIKE '${PREFIX}\\_$1\\_%'"); do
    kill -0 "${name##*_}" 2>/dev/null || drop_database "$name"
  done
}

# prepare plain|browser: the whole set-up.
prepare() {
  setup "$1"
  mkdir -p "$WORK/log" "$WORK/data/filestore"
  setup_database
  write_conf "$WORK/odoo.conf" "http_interface = 127.0.0.1"
  export KEY_ACCOUNT_ODOO_CONF=$WORK/odoo.conf
}
