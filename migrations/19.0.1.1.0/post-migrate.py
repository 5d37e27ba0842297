"""What an update by itself leaves as it was.

The rule that says who may open a file is in a file that updates do not touch, so that
administrators may change it: it would go on letting the owner in alone, whatever the
team or the agreements say. And completeness counts other items than before, but Odoo
computes new columns only.
"""

import logging

from odoo import SUPERUSER_ID, api
from odoo.tools import SQL

_logger = logging.getLogger(__name__)

OLD_RULE = "[('holder_id', '=', user.id)]"
NEW_RULE = "[('is_mine', '=', True)]"


def migrate(cr, version):
    env = api.Environment(cr, SUPERUSER_ID, {})
    open_files_to_teams(env)
    measure_files(env)


def open_files_to_teams(env):
    rule = env.ref("key_account.account_rule_member", raise_if_not_found=False)
    if rule and rule.domain_force == OLD_RULE:
        rule.domain_force = NEW_RULE
    elif not rule or rule.domain_force != NEW_RULE:
        _logger.warning(
            "The record rule key_account.account_rule_member was changed by hand and"
            " stays so: teams and agreements count for who may open a file only if its"
            " domain is %s.",
            NEW_RULE,
        )


def measure_files(env):
    """One statement, whatever the number of files."""
    Account = env["key.account"]
    env.flush_all()
    env.cr.execute(
        SQL(
            """
            UPDATE key_account
               SET completeness = measured.share
              FROM (SELECT account.id, %s AS share
                      FROM key_account account
                 LEFT JOIN key_account_tier tier ON tier.id = account.tier_id
                   ) measured
             WHERE measured.id = key_account.id
               AND key_account.completeness IS DISTINCT FROM measured.share
            """,
            Account._tier_completeness_sql(),
        )
    )
    Account.invalidate_model(["completeness"])
