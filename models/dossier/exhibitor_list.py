import psycopg2
from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import mute_logger, split_every

# Lines made at once; where one of them fails, they are made one by one.
BATCH = 200


class KeyAccountExhibitorList(models.Model):
    """The exhibitors of a show as the organiser lists them (R049, R130): read from a
    file, compared with the customers there are, and made accounts where somebody
    decides so.

    ``draft -> checked -> done``. Nothing but the lines is made before *Make the
    Accounts*, and pressing it again makes nothing twice.
    """

    _name = "key.account.exhibitor.list"
    _description = "Exhibitor List"
    _inherit = ["mail.thread", "mail.activity.mixin", "key.account.guarded"]
    _order = "date desc, id desc"
    _check_company_auto = True
    _transitions = {
        "draft": ("checked",),
        "checked": ("done",),
        "done": ("checked",),
    }

    name = fields.Char(required=True, help="What you will look for it by.")
    show_name = fields.Char("Show", help="With year and place.")
    date = fields.Date(
        "Date of the List",
        required=True,
        default=lambda self: self.env.company._key_account_today(),
    )
    source = fields.Char(help="Who gave it to us, or the page it was taken from.")
    user_id = fields.Many2one(
        "res.users",
        "Responsible",
        required=True,
        index=True,
        default=lambda self: self.env.user,
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        help="Sees this list; so do the stewards and managers.",
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    state = fields.Selection(
        [("draft", "Draft"), ("checked", "Checked"), ("done", "Done")],
        "Status",
        default="draft",
        required=True,
        index=True,
        tracking=True,
    )
    line_ids = fields.One2many("key.account.exhibitor.list.line", "list_id", "Lines")

    # how many of them
    line_count = fields.Integer("Lines in All", compute="_compute_counts")
    new_count = fields.Integer("New", compute="_compute_counts")
    similar_count = fields.Integer("Similar", compute="_compute_counts")
    existing_count = fields.Integer("Existing", compute="_compute_counts")
    double_count = fields.Integer("Double", compute="_compute_counts")
    invalid_count = fields.Integer("Invalid", compute="_compute_counts")
    unchecked_count = fields.Integer("Not Checked", compute="_compute_counts")
    wanted_count = fields.Integer("To Make", compute="_compute_counts")
    made_count = fields.Integer("Made", compute="_compute_counts")

    # --- Compute ---

    @api.depends("line_ids.verdict", "line_ids.decision", "line_ids.is_made")
    def _compute_counts(self):
        groups = self.env["key.account.exhibitor.list.line"]._read_group(
            [("list_id", "in", self.ids)],
            ["list_id", "verdict", "decision", "is_made"],
            ["__count"],
        )
        names = [name for name in self._fields if name.endswith("_count")]
        own = {
            name for name in names if self._fields[name].compute == "_compute_counts"
        }
        counts = {exhibitors.id: dict.fromkeys(own, 0) for exhibitors in self._origin}
        for exhibitors, verdict, decision, is_made, count in groups:
            of_list = counts[exhibitors.id]
            of_list["line_count"] += count
            of_list[f"{verdict or 'unchecked'}_count"] += count
            if is_made:
                of_list["made_count"] += count
            elif decision == "make":
                of_list["wanted_count"] += count
        for exhibitors in self:
            exhibitors.update(counts.get(exhibitors._origin.id, dict.fromkeys(own, 0)))

    # --- CRUD ---

    @api.ondelete(at_uninstall=False)
    def _unlink_except_made(self):
        for exhibitors in self:
            if exhibitors.made_count:
                raise UserError(
                    self.env._(
                        "Accounts were made of %(name)s: it stays, to tell where they"
                        " come from.",
                        name=exhibitors.name,
                    )
                )

    # --- Actions ---

    def action_import(self):
        """Opens Odoo's own import for the lines of this list."""
        self.ensure_one()
        self.check_access("write")
        return {
            "type": "ir.actions.client",
            "tag": "import",
            "name": self.env._("Import Exhibitors"),
            "params": {
                "active_model": "key.account.exhibitor.list.line",
                "context": {"default_list_id": self.id},
            },
        }

    def action_check(self):
        """Compares the lines with the customers there are and with each other."""
        self.check_access("write")
        for exhibitors in self:
            if not exhibitors.line_ids:
                raise UserError(
                    self.env._(
                        "%(name)s has no lines yet. Import a file first.",
                        name=exhibitors.name,
                    )
                )
            exhibitors._lock()
            exhibitors.line_ids._check()
            if exhibitors.state != "checked":
                exhibitors._move("checked")
        return True

    def action_make(self):
        """Makes accounts of the lines decided so and says what was left out."""
        self.ensure_one()
        self.check_access("write")
        if self.state == "draft":
            raise UserError(
                self.env._(
                    "%(name)s is not checked yet. Check it first, look at what is"
                    " similar, and decide.",
                    name=self.name,
                )
            )
        self._lock()
        wanted = self.line_ids.filtered(
            lambda line: line.decision == "make" and not line.is_made
        )
        # what was new when the list was checked may be somebody's by now
        self.line_ids._check()
        makeable = wanted.filtered(lambda line: line.verdict in ("new", "similar"))
        for line in wanted - makeable:
            line._leave_out(line.answer)
        for batch in split_every(BATCH, makeable.ids):
            self._make_or_one_by_one(makeable.browse(batch))
        if self.state != "done":
            self._move("done")
        return self._tell(wanted)

    def action_open_lines(self):
        """Shows the lines in groups, by what was found about them."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "key_account.exhibitor_list_line_action"
        )
        domain = Domain("list_id", "=", self.id)
        if verdict := self.env.context.get("verdict"):
            domain &= Domain("verdict", "=", verdict)
        return {
            **action,
            "name": self.name,
            "domain": list(domain),
            "context": {
                "default_list_id": self.id,
                "search_default_group_verdict": 1,
            },
        }

    # --- Business ---

    def _make_or_one_by_one(self, lines):
        """One bad line does not keep the others back."""
        if not (error := self._try_to_make(lines)):
            return
        for line in lines if len(lines) > 1 else ():
            if single := self._try_to_make(line):
                line._leave_out(single)
        if len(lines) == 1:
            lines._leave_out(error)

    def _try_to_make(self, lines):
        """Returns why it did not work, or an empty text."""
        try:
            with self.env.cr.savepoint(), mute_logger("odoo.sql_db"):
                lines._make_accounts()
                self.env.flush_all()
        except UserError as error:
            return str(error)
        except psycopg2.Error as error:
            return self.env._(
                "The database refused it: %(reason)s",
                reason=error.diag.message_primary or str(error),
            )
        return ""

    def _tell(self, wanted):
        """Posts what was done and shows it."""
        made = wanted.filtered("is_made")
        left_out = wanted - made
        message = self.env._(
            "%(made)s accounts made, %(left)s lines left out.",
            made=len(made),
            left=len(left_out),
        )
        reasons = [
            self.env._("%(name)s: %(reason)s", name=line.name, reason=line.left_out)
            for line in left_out[:20]
        ]
        if wanted:
            self.message_post(body=Markup("<br/>").join([message, *reasons]))
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning" if left_out else "success",
                "message": message,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }
