import io

from freezegun import freeze_time
from lxml import html
from pypdf import PdfReader

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .analysis_case import CLOSED, RECEIVED, TOO_LATE, AnalysisCase, shanghai

INTERNAL = (
    "The file was of last year.",
    "Wrong fascia",
    "Workshop",
    "ka_builder",
    "ka_reviewer",
    "Investigation",
    "Responsible",
)


@tagged("post_install", "-at_install")
class TestReportComplaint(AnalysisCase):
    """The sheets of a complaint and the history of a ticket, on paper."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for lang in ("en_US", "zh_CN"):
            cls.env["res.lang"]._activate_lang(lang)
        cls.order = cls.env["sale.order"].create(
            {"partner_id": cls.contact.id, "company_id": cls.company.id}
        )

    def told(self):
        """A complaint with everything that can be said of one."""
        with freeze_time(RECEIVED):
            ticket = self._create_ticket(
                "complaint",
                description="<p>The fascia says 2025.</p>",
                remedy_sought="A new fascia before nine",
                show_name="Light Fair",
                stand_no="5.1 B20",
                order_id=self.order.id,
                amount_claimed=800,
            )
            ticket.action_hold("organiser", "A pass")
            ticket.action_resume()
            self._plan_complaint(ticket)
            self._solve_complaint(ticket)
        with freeze_time(TOO_LATE):
            ticket.action_log_call("Told him.")
        with freeze_time(CLOSED):
            ticket.sudo()._keep_satisfaction("satisfied", "portal", 5, 4, "Quick.")
            ticket.action_close()
        return ticket

    def pages(self, name, tickets, lang="en_US", user=None):
        report = self.env["ir.actions.report"].with_user(user or self.agent)
        content, kind = report.with_context(lang=lang)._render_qweb_html(
            f"key_account.{name}", tickets.ids
        )
        self.assertEqual(kind, "html")
        return html.fromstring(content).xpath("//div[@class='page']")

    def text(self, *nodes):
        return " ".join(" ".join(node.text_content() for node in nodes).split())

    def rows(self, page, name):
        rows = page.xpath(f".//table[@name='{name}']//tr[td]")
        return [[self.text(cell) for cell in row.xpath("td")] for row in rows]

    # --- Internal ---

    def test_sheet_says_everything(self):
        """R086 to R093: who, what, contract, exhibition, stand, what he wants, what was
        found, cause, department, plan with owners and dates, approval, his answers,
        whether he is satisfied, and what was promised when."""
        ticket = self.told()
        (page,) = self.pages("report_complaint", ticket)
        text = self.text(page)
        for part in (
            ticket.number,
            "Aurora Fairs",
            "Ms Lin",
            "lin@aurora.example.com",
            "Received: 03/09/2026",
            "(Hotline)",
            self.order.name,
            "Light Fair",
            "5.1 B20",
            "The fascia says 2025.",
            "A new fascia before nine",
            "800.00",
            *INTERNAL,
            "Approved by ka_reviewer",
            "All right.",
            "Satisfied",
            "attitude 5 of 5",
            "Quick.",
            "Waiting for the Organiser or the Venue (To Approve)",
            "Reviewed by, date",
        ):
            self.assertIn(part, text)
        (measure,) = self.rows(page, "measures")
        self.assertEqual(
            [measure[0], measure[1], measure[3]],
            ["Correction", "correction of the fascia", "03/20/2026"],
        )

    def test_promises_with_due_done_and_late_hours(self):
        """R087: each promise with the hours it was late by; void ones are left out."""
        (page,) = self.pages("report_complaint", self.told())
        rows = {row[0]: row[1:] for row in self.rows(page, "promises")}
        due, done, state, late = rows["First Reply"]
        self.assertIn("12:00", due)
        self.assertIn("4:00", done)
        self.assertEqual((state, late), ("Missed", "3.0"))
        self.assertEqual(rows["Resolve"][2:], ["Met", ""])
        self.assertNotIn("Void", self.text(page))

    def test_sheet_of_a_new_complaint(self):
        """A complaint of which nothing is known yet is a page that says so."""
        with freeze_time(RECEIVED):
            ticket = self._create_ticket("complaint")
            (page,) = self.pages("report_complaint", ticket)
        text = self.text(page)
        for part in ("Nothing written down", "Not investigated yet", "Not approved"):
            self.assertIn(part, text)
        self.assertFalse(self.rows(page, "measures"))

    # --- The customer's copy ---

    def test_copy_shows_what_concerns_the_customer(self):
        """What he said and wants, what is done for him and when, his answers and what
        he was promised."""
        ticket = self.told()
        (page,) = self.pages("report_complaint_copy", ticket)
        text = self.text(page)
        for part in (
            ticket.number,
            "The fascia says 2025.",
            "A new fascia before nine",
            "All right.",
            "Quick.",
            "First Reply",
            "Customer, date",
        ):
            self.assertIn(part, text)
        self.assertEqual(self.rows(page, "measures")[0][0], "Correction")

    def test_copy_keeps_our_affairs(self):
        """Nothing of findings, causes, departments, people and promises among us, and
        nothing that prevents it elsewhere."""
        ticket = self.told()
        with freeze_time(shanghai("03-11 10:00")):
            ticket.sudo()._authorized().write({"override_reason": "We insist"})
            self.env["key.account.ticket.measure"].sudo()._authorized().create(
                {
                    "ticket_id": ticket.id,
                    "kind": "preventive",
                    "name": "Ask for files in writing",
                    "user_id": self.builder.id,
                    "due_on": "2026-04-01",
                }
            )
        (page,) = self.pages("report_complaint_copy", ticket)
        text = self.text(page)
        for part in (
            *INTERNAL,
            "We insist",
            "in writing",
            "Investigate",
            "Waiting for",
            "Internal",
        ):
            self.assertNotIn(part, text.replace("ka_agent", ""))

    def test_copy_shows_no_plan_before_its_approval(self):
        """What is still being talked about among us is not on his paper."""
        with freeze_time(RECEIVED):
            ticket = self._create_ticket("complaint")
            self._plan_complaint(ticket)
            ticket.write({"plan": "<p>Give him half</p>", "amount_granted": 400})
            (page,) = self.pages("report_complaint_copy", ticket)
            text = self.text(page)
        self.assertIn("We are working on it.", text)
        for part in ("Give him half", "400.00", "correction of the fascia"):
            self.assertNotIn(part, text)

    # --- Languages ---

    def test_both_languages(self):
        """The sheet is in the language of who prints it, the copy in the customer's."""
        ticket = self.told()
        (sheet,) = self.pages("report_complaint", ticket, "zh_CN")
        self.assertIn("2026/03/20", self.text(sheet))
        (copy,) = self.pages("report_complaint_copy", ticket)
        self.assertIn("03/20/2026", self.text(copy))
        self.contact.lang = "zh_CN"
        (copy,) = self.pages("report_complaint_copy", ticket)
        self.assertIn("2026/03/20", self.text(copy))
        (sheet,) = self.pages("report_complaint", ticket)
        self.assertIn("03/20/2026", self.text(sheet))

    # --- History ---

    def test_history_of_a_ticket(self):
        """Every event of its promises, in the order in which they happened."""
        ticket = self.told()
        (page,) = self.pages("report_ticket_history", ticket)
        rows = self.rows(page, "events")
        self.assertEqual(len(rows), len(ticket.sudo().clock_ids.event_ids))
        whats = [(row[1], row[2]) for row in rows]
        for event in (
            ("First Reply", "Begun"),
            ("First Reply", "Stopped"),
            ("Resolve", "Held"),
            ("Resolve", "Resumed"),
        ):
            self.assertIn(event, whats)
        self.assertLess(
            whats.index(("First Reply", "Begun")),
            whats.index(("First Reply", "Stopped")),
        )
        (page,) = self.pages("report_ticket_history", ticket, "zh_CN")
        self.assertIn("2026/03/09", self.text(page))

    def test_history_of_an_enquiry_without_promises(self):
        """An enquiry has a history, too; one that nothing was promised on says so."""
        self.policy.active = False
        ticket = self._enquiry()
        (page,) = self.pages("report_ticket_history", ticket)
        self.assertIn("Nothing was promised", self.text(page))

    # --- Refused ---

    def test_enquiries_have_no_sheet(self):
        """An enquiry is refused with a sentence that says what to do."""
        ticket = self._enquiry()
        for name in ("report_complaint", "report_complaint_copy"):
            with self.assertRaisesRegex(UserError, f"{ticket.number}.*history"):
                self.pages(name, ticket)

    def test_strangers_print_nothing(self):
        """Who may not see a ticket prints neither sheet nor history."""
        ticket = self.told()
        for name in (
            "report_complaint",
            "report_complaint_copy",
            "report_ticket_history",
        ):
            for user in (self.reader, self.employee):
                with self.subTest(name), self.assertRaises(AccessError):
                    self.pages(name, ticket, user=user)
        self.assertTrue(self.pages("report_complaint", ticket, user=self.reviewer))

    # --- On paper ---

    def test_pdf(self):
        """A batch is one PDF, and every complaint begins on a page of its own."""
        with freeze_time(RECEIVED):
            new = self._create_ticket("complaint")
        tickets = self.told() | new
        report = self.env["ir.actions.report"].with_context(force_report_rendering=True)
        for name, pages in (
            ("report_complaint", 2),
            ("report_complaint_copy", 2),
            ("report_ticket_history", 2),
        ):
            with self.subTest(name), self.allow_pdf_render():
                content, kind = report._render_qweb_pdf(
                    f"key_account.{name}", tickets.ids
                )
            self.assertEqual(kind, "pdf")
            self.assertGreaterEqual(len(PdfReader(io.BytesIO(content)).pages), pages)
