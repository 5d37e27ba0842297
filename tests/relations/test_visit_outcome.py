from datetime import date

from odoo.exceptions import UserError
from odoo.tests import tagged

from .visit_case import VisitCase

WISH = "Wants two quiet rooms.\nAn offer by May"


@tagged("post_install", "-at_install")
class TestVisitOutcome(VisitCase):
    """What comes of a visit: the next step, and what sales is given (R045, R051)."""

    # --- Next step ---

    def test_next_step_becomes_an_activity(self):
        """With its day, for who held the visit (R045)."""
        visit = self.hold(next_step="Send the draft", next_step_on="2026-03-13")
        self.assertRecordValues(
            visit.activity_ids,
            [
                {
                    "summary": "Send the draft",
                    "date_deadline": date(2026, 3, 13),
                    "user_id": self.seller.id,
                }
            ],
        )

    def test_next_step_without_a_day(self):
        """Within a week, where the company works."""
        visit = self.hold(next_step="Send the draft")
        self.assertEqual(visit.activity_ids.date_deadline, date(2026, 3, 17))
        self.assertFalse(self.hold().activity_ids)

    def test_next_step_changes(self):
        """Another next step is another summary or day of the same activity; one that
        comes later makes its own."""
        visit = self.hold()
        visit.next_step = "Send the draft"
        activity = visit.activity_ids
        visit.write({"next_step": "Bring the draft", "next_step_on": "2026-03-20"})
        self.assertEqual(visit.activity_ids, activity)
        self.assertEqual(activity.summary, "Bring the draft")
        self.assertEqual(activity.date_deadline, date(2026, 3, 20))
        activity.action_feedback()
        visit.next_step_on = "2026-03-21"
        self.assertFalse(visit.activity_ids)
        visit.next_step = "Ask again"
        self.assertEqual(visit.activity_ids.summary, "Ask again")

    def test_next_step_of_who_left_the_team(self):
        """It goes to whoever closes the visit, when the file is closed to the host."""
        visit = self.plan(planned_at="2026-03-09 02:00:00", next_step="Call him")
        self.account._change_holder(self.colleague)
        visit.with_user(self.colleague).action_done()
        self.assertEqual(visit.activity_ids.user_id, self.colleague)

    # --- Sales ---

    def test_passed_to_sales(self):
        """An opportunity of the visitor with what he wants, for the owner of the
        account, made by who need not be in sales himself (R051)."""
        visit = self.hold(
            "reception", visitor_ids=self.guest.ids, feedback=WISH, minutes="<p>No</p>"
        )
        answer = visit.with_user(self.steward).action_pass_to_sales()
        lead = visit.lead_id
        self.assertRecordValues(
            lead.sudo(),
            [
                {
                    "type": "opportunity",
                    "partner_id": self.guest.id,
                    "user_id": self.seller.id,
                    "company_id": self.company.id,
                }
            ],
        )
        description = lead.sudo().description
        for part in ("Wants two quiet rooms.", "An offer by May"):
            self.assertIn(part, description)
        self.assertEqual(answer["tag"], "display_notification")
        self.assertIn(self.seller.name, answer["params"]["message"])
        self.assertIn("Passed to sales", visit.sudo().message_ids[0].body)

    def test_passed_once(self):
        """The second press opens what the first one made."""
        salesman = self.env.ref("sales_team.group_sale_salesman")
        self.seller.group_ids |= salesman
        visit = self.hold(feedback="Wants an <b>offer</b>")
        visit.action_pass_to_sales()
        lead = visit.lead_id
        self.assertEqual(lead.partner_id, self.account.partner_id)
        self.assertIn("&lt;b&gt;offer", lead.description)
        action = visit.action_pass_to_sales()
        self.assertEqual((action["res_model"], action["res_id"]), ("crm.lead", lead.id))
        self.assertEqual(visit.lead_id, lead)

    def test_passed_without_an_owner(self):
        """Then sales has an opportunity of nobody."""
        visit = self.hold(feedback=WISH)
        self.account._change_holder(self.env["res.users"])
        answer = visit.with_user(self.steward).action_pass_to_sales()
        self.assertFalse(visit.lead_id.sudo().user_id)
        self.assertIn("no owner", answer["params"]["message"])

    def test_nothing_to_pass(self):
        """Sales is given what took place and was written down, by who may open it."""
        for visit, text in (
            (self.plan(feedback=WISH), "press Done first"),
            (self.hold(), "Write down what the customer wants"),
        ):
            with self.assertRaisesRegex(UserError, text):
                visit.action_pass_to_sales()
        visit = self.hold(feedback=WISH)
        with self.assertRaisesRegex(UserError, "open to those who serve him"):
            visit.with_user(self.colleague).action_pass_to_sales()
        self.assertFalse(visit.lead_id)
