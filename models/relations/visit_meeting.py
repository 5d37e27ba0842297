from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Command, Domain
from odoo.tools.misc import clean_context

from ...tools.authority import CONTEXT_KEY

# How many hours a contact of a kind usually takes.
HOURS = {
    "visit": 1.5,
    "call": 0.25,
    "online": 1,
    "mail": 0.25,
    "reception": 3,
    "interview": 1,
    "return_visit": 1.5,
    "review": 2,
}


class KeyAccountVisitMeeting(models.AbstractModel):
    """The time of a visit, and its place in the calendars of our people.

    Calendars are open to all colleagues, go to phones and to other servers. So the
    event says that there is a visit, when, and who of us takes part; whom it is about,
    what for and what was said stays in the file.
    """

    _name = "key.account.visit.meeting"
    _description = "Visit in the Calendar"

    planned_at = fields.Datetime(
        "Planned for", required=True, default=fields.Datetime.now, tracking=True
    )
    duration = fields.Float(
        "Duration (hours)",
        compute="_compute_duration",
        store=True,
        precompute=True,
        readonly=False,
        aggregator="sum",
    )
    planned_until = fields.Datetime(
        compute="_compute_planned_until", store=True, precompute=True
    )
    is_late = fields.Boolean(
        "Late", compute="_compute_is_late", search="_search_is_late"
    )
    is_due = fields.Boolean("Has Begun", compute="_compute_is_late")
    event_id = fields.Many2one(
        "calendar.event",
        "Calendar Event",
        index="btree_not_null",
        ondelete="set null",
        readonly=True,
        copy=False,
    )

    # --- Compute ---

    @api.depends("kind")
    def _compute_duration(self):
        for visit in self:
            visit.duration = HOURS.get(visit.kind, 1)

    @api.depends("planned_at", "duration")
    def _compute_planned_until(self):
        for visit in self:
            length = timedelta(hours=visit.duration)
            visit.planned_until = visit.planned_at and visit.planned_at + length

    @api.depends("state", "planned_at", "planned_until")
    def _compute_is_late(self):
        now = fields.Datetime.now()
        for visit in self:
            open_ones = visit.state == "planned" and visit.planned_until
            visit.is_late = bool(open_ones and visit.planned_until < now)
            visit.is_due = bool(visit.planned_at and visit.planned_at <= now)

    def _search_is_late(self, operator, value):
        if operator != "in" or len(value) > 1:
            return NotImplemented
        late = Domain("state", "=", "planned") & Domain("planned_until", "<", "now")
        return late if True in value else ~late

    # --- Business ---

    def _keep_events(self):
        """Brings the calendar up to date: a planned visit that is still to come takes
        time, one that is called off frees it. What has been stays as it was."""
        now = fields.Datetime.now()
        new = self.browse()
        for visit in self:
            # whoever serves the customer moves the visit, not only who takes part
            event = visit.event_id.sudo().with_context(visit._event_context())
            if visit.state == "planned" and (event or visit._takes_time(now)):
                if event:
                    visit._update_event(event)
                else:
                    new |= visit
            elif visit.state == "cancelled" or event.start and event.start > now:
                event.filtered("active").write({"active": False})
        new._create_events()

    def _takes_time(self, now):
        """Whether it is worth an event: nobody blocks an hour for an e-mail, nor for
        what is over."""
        return self.kind != "mail" and self.planned_at > now

    def _create_events(self):
        if not self:
            return
        Event = self.env["calendar.event"].sudo().with_context(self._event_context())
        model = self.env["ir.model"]._get_id(self._name)
        events = Event.create(
            [
                {
                    **visit._prepare_event_vals(),
                    "partner_ids": [Command.set(visit._participants().ids)],
                    "res_model_id": model,
                    "res_id": visit.id,
                }
                for visit in self
            ]
        )
        for visit, event in zip(self, events, strict=True):
            visit._authorized().event_id = event

    def _update_event(self, event):
        """Writes what is different only, as the colleagues are told of changes."""
        vals = {
            name: value
            for name, value in self._prepare_event_vals().items()
            if event._fields[name].convert_to_write(event[name], event) != value
        }
        people = self._participants()
        # whom somebody has invited in the calendar from outside stays invited
        others = event.partner_ids.filtered("partner_share")
        if event.partner_ids - others != people:
            vals["partner_ids"] = [Command.set((people | others).ids)]
        if not event.active:
            vals["active"] = True
        if vals:
            event.write(vals)

    def _prepare_event_vals(self):
        """What the calendar may know besides who takes part."""
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        return {
            "name": kinds[self.kind],
            "start": self.planned_at,
            "stop": self.planned_until,
            "user_id": self.user_id.id,
            "privacy": "private",
        }

    def _participants(self):
        """Those of us who take part. Customers get no invitation from here."""
        return (self.user_id | self.colleague_ids).partner_id

    def _follow_event(self, event):
        """Takes over the time to which somebody has moved the event.

        :raises UserError: for who may not open the visit.
        """
        self._check_may_open()
        hours = (event.stop - event.start).total_seconds() / 3600
        self.write({"planned_at": event.start, "duration": hours})

    def _event_context(self):
        context = clean_context(self.env.context)
        context.pop(CONTEXT_KEY, None)
        return {
            **context,
            "active_test": False,
            # the phone numbers of the host are no news to his colleagues
            "skip_contact_description": True,
            # changes would be written down where every colleague reads them
            "tracking_disable": True,
        }
