from odoo import fields, models


class KeyAccountDaysImportLine(models.TransientModel):
    """What loading a list of days would do with one of its stretches or lines."""

    _name = "key.account.days.import.line"
    _description = "Preview of Loaded Days"

    import_id = fields.Many2one(
        "key.account.days.import", required=True, ondelete="cascade"
    )
    verdict = fields.Selection(
        [
            ("new", "New"),
            ("there", "There Already"),
            ("unreadable", "Cannot Be Read"),
        ],
        readonly=True,
    )
    kind = fields.Selection(
        [("holiday", "Holiday"), ("workday", "Make-up Day")], readonly=True
    )
    name = fields.Char(readonly=True)
    date_from = fields.Date("From", readonly=True)
    date_to = fields.Date("Until", readonly=True)
    day_count = fields.Integer("Days", readonly=True)
    line = fields.Integer("Line of the File", readonly=True)
    problem = fields.Char(readonly=True)
