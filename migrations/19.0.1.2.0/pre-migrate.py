"""Show budgets below zero, which nobody can mean, stand in the way of the new check of
the database: they are taken for unknown."""


def migrate(cr, version):
    """Before the constraint is added."""
    cr.execute(
        "UPDATE key_account_profile SET show_budget = NULL WHERE show_budget < 0"
    )
