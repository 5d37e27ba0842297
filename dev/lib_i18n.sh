# shellcheck shell=bash
# Export of the texts: what dev/i18n and dev/check share.

# export_pot FILE: the texts of the addon as the checkout has it now, demo data left out.
export_pot() {
  local database=${PREFIX}_i18n_$$ status=0
  drop_orphans i18n
  module_database "$database" || return 1
  ODOO_RC=$WORK/odoo.conf odoo_server i18n export -d "$database" -o "$1" -- key_account >>"$WORK/log/i18n.log" 2>&1 ||
    { status=1; tail -n 5 "$WORK/log/i18n.log"; }
  drop_database "$database"
  return "$status"
}
