import io

from lxml import html
from pypdf import PdfReader

from odoo.exceptions import UserError
from odoo.tests import tagged

from .visit_case import AIM, SECRET, VisitCase


@tagged("post_install", "-at_install")
class TestReceptionSheet(VisitCase):
    """The printed sheet of a reception, for the front desk and the room (R050)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for lang in ("en_US", "zh_CN"):
            cls.env["res.lang"]._activate_lang(lang)
        cls.guest.function = "Director"
        cls.visit = cls.receive(headcount=3, minutes=f"<p>{SECRET}</p>")
        cls.visit.item_ids[0].done = True

    def _text(self, user, visits=None, lang="en_US"):
        report = self.env(user=user)["ir.actions.report"].with_context(
            lang=lang, tz="Asia/Shanghai"
        )
        content, _kind = report._render_qweb_html(
            "key_account.report_reception", (visits or self.visit).ids
        )
        pages = html.fromstring(content).xpath("//div[@class='page']")
        return [" ".join(page.text_content().split()) for page in pages]

    def test_what_it_says(self):
        """Who comes, when, to which room, who receives them, and what is prepared;
        not what for, nor what was said."""
        [text] = self._text(self.seller)
        for part in (
            self.company.name,
            "Orient Motors",
            "10:00",
            "Room 2",
            self.seller.name,
            self.employee.name,
            "Number of Visitors 3",
            "Ms Fang Director",
            "☑ Book the meeting room",
            "☐ Print the name signs",
            "03/16/2026",
        ):
            self.assertIn(part, text)
        for word in (AIM, SECRET):
            self.assertNotIn(word, text)

    def test_chinese(self):
        """The reader's language writes the days."""
        [text] = self._text(self.seller, lang="zh_CN")
        self.assertIn("2026/03/16", text)
        self.assertNotIn("03/16/2026", text)

    def test_bare(self):
        """Without visitors, room and checklist it has no empty tables."""
        visit = self.plan()
        [text] = self._text(self.seller, visit)
        for word in ("To Prepare", "Visitors"):
            self.assertNotIn(word, text)

    def test_batch(self):
        """Each visit begins on a page of its own."""
        self.assertEqual(len(self._text(self.seller, self.visit | self.receive())), 2)

    def test_strangers_print_nothing(self):
        """Refused to whom the file is closed, those who help too."""
        for user in (self.colleague, self.reader, self.employee):
            with self.assertRaises(UserError):
                self._text(user)

    def test_printing_is_opening(self):
        """The log of opened files knows who printed it."""
        self._text(self.seller)
        self.env.cr.precommit.run()
        self.assertIn(
            self.seller,
            self.env["key.account.access"]
            .search([("account_id", "=", self.account.id)])
            .user_id,
        )

    def test_pdf(self):
        """It fits on one page."""
        report = self.env["ir.actions.report"].with_context(force_report_rendering=True)
        with self.allow_pdf_render():
            content, kind = report._render_qweb_pdf(
                "key_account.report_reception", self.visit.ids
            )
        self.assertEqual(kind, "pdf")
        self.assertEqual(len(PdfReader(io.BytesIO(content)).pages), 1)
