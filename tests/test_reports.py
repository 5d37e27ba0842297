import io
import re

from lxml import html
from pypdf import PdfReader

from odoo.tests import tagged

from .common import DAY, KeyAccountCase

AURORA, BOREAL, CIRRUS = "Aurora Fairs", "Boreal Stands", "Cirrus Expo"


@tagged("post_install", "-at_install")
class TestReports(KeyAccountCase):
    """The printed lists and sheets. What is wrong on paper is noticed too late."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for lang in ("en_US", "zh_CN"):
            cls.env["res.lang"]._activate_lang(lang)
        cls._set_books_up()
        cls.aurora, cls.boreal, cls.cirrus = (
            cls._create_account(name) for name in (AURORA, BOREAL, CIRRUS)
        )
        cls._invoice(cls.aurora.partner_id, 50_000, "2025-11-03")
        cls._invoice(cls.aurora.partner_id, 30_000, "2025-12-01")
        cls._invoice(cls.boreal.partner_id, 20_000, "2025-12-01")
        cls._create_scheme(
            criteria=[
                ("invoiced_net", 60, 0, 100_000),
                ("invoice_count", 30, 0, 8),
                ("satisfaction", 10, 1, 5),
            ],
            tiers=[("Gold", 50, 40, True), ("Silver", 0, 0, False)],
        )
        cls.evaluation = cls._evaluate(DAY)
        # opened after the evaluation, hence without a verdict
        cls.late = cls._create_account("Dusk Booths")

    def _render(self, name, records, lang="en_US"):
        """The pages of a report as trees of HTML."""
        content, kind = (
            self.env["ir.actions.report"]
            .with_context(lang=lang)
            ._render_qweb_html(f"key_account.{name}", records.ids)
        )
        self.assertEqual(kind, "html")
        return html.fromstring(content).xpath("//div[@class='page']")

    def _text(self, *nodes):
        return " ".join(" ".join(node.text_content() for node in nodes).split())

    def _cells(self, page, row=1):
        """The texts of a row of the first table with a heading."""
        table = page.xpath(".//table[thead]")[0]
        return [self._text(cell) for cell in table.xpath(".//tr")[row].xpath("td|th")]

    def _numbers(self, page, heading):
        """The numbers of a column of the first table with a heading."""
        place = self._cells(page, 0).index(heading)
        table = page.xpath(".//table[thead]")[0]
        texts = (self._text(row.xpath("td")[place]) for row in table.xpath("tbody/tr"))
        return [float(text.replace(",", "")) for text in texts if text]

    # --- The list of key accounts ---

    def test_list_of_key_accounts(self):
        """The list names every key account with tier, score and revenue, and who
        approved it, and nobody else (R015)."""
        (page,) = self._render("report_key_accounts", self.evaluation)
        text = self._text(page)
        self.assertIn(self.company.name, text)
        self.assertIn("1 key accounts among 3 customers", text)
        self.assertIn(f"Approved by {self.chair.name}", text)
        number, customer, tier, score, revenue, *_rest = self._cells(page)
        self.assertEqual([number, customer, tier], ["1", AURORA, "Gold"])
        # 60 x 80 and 30 x 25 of 100, by the 90 that there is data for
        self.assertEqual(score, "61.67")
        self.assertIn("80,000.00", revenue)
        self.assertNotIn(BOREAL, text)

    def test_list_of_key_accounts_in_chinese(self):
        """A Chinese reader gets Chinese dates, and the same names and scores."""
        (page,) = self._render("report_key_accounts", self.evaluation, "zh_CN")
        text = self._text(page)
        self.assertIn("61.67", text)
        self.assertIn(AURORA, text)
        self.assertIn("2026/01/01", text)

    def test_list_of_no_key_accounts(self):
        """An evaluation without key accounts is a page that says so."""
        self._create_scheme(tiers=[("Only", 0, 0, False)], name="Nobody")
        nobody = self._evaluate("2026-02-01", apply=False)
        (page,) = self._render("report_key_accounts", nobody)
        self.assertIn("No key account.", self._text(page))

    def test_list_of_accounts(self):
        """Chosen accounts are listed, best first; one without a tier has no score."""
        (page,) = self._render("report_accounts", self.boreal + self.late + self.aurora)
        rows = [self._cells(page, row)[1:4] for row in (1, 2, 3)]
        self.assertEqual(
            rows,
            [
                [AURORA, "Gold", "61.67"],
                [BOREAL, "Silver", "17.50"],
                ["Dusk Booths", "", ""],
            ],
        )

    # --- Why this tier ---

    def test_sheet_adds_up(self):
        """The points of the sheet add up to the score it gives (R009, R010)."""
        (page,) = self._render("report_reasons", self.aurora)
        text = self._text(page)
        for part in (AURORA, "Tier: Gold", "61.67", "First tier", "no data"):
            self.assertIn(part, text)
        self.assertIn("Data for 90 % of the weights", text)
        self.assertEqual(self._numbers(page, "Weight"), [60, 30, 10])
        points = self._numbers(page, "Part of Score")
        self.assertEqual(points, [53.33, 8.33])
        self.assertAlmostEqual(sum(points), self.aurora.score, delta=0.015)

    def test_sheet_in_chinese(self):
        """The sheet of a Chinese reader has the same arithmetic."""
        (page,) = self._render("report_reasons", self.aurora, "zh_CN")
        text = self._text(page)
        for part in (AURORA, "Gold", "61.67", "53.33", "8.33"):
            self.assertIn(part, text)

    def test_sheet_without_verdict(self):
        """A customer who was never evaluated gets a sheet that says so."""
        (page,) = self._render("report_reasons", self.late)
        text = self._text(page)
        self.assertIn("Dusk Booths", text)
        self.assertIn("No evaluation has been applied to this customer yet", text)
        self.assertFalse(page.xpath(".//table[thead]"))

    def test_sheet_of_a_customer_without_data(self):
        """Who has no data has no score, and the sheet says why (R009)."""
        (page,) = self._render("report_reasons", self.cirrus)
        text = self._text(page)
        for part in (CIRRUS, "Tier: –", "Score: – of 100", "Data for 0 %", "No data."):
            self.assertIn(part, text)
        self.assertFalse(self._numbers(page, "Part of Score"))

    def test_sheet_of_a_verdict(self):
        """A verdict is printed as it was, whatever the account has become since."""
        line = self._line_of(self.evaluation, self.boreal)
        (page,) = self._render("report_reasons_line", line)
        text = self._text(page)
        for part in (BOREAL, "Tier: Silver", "17.50"):
            self.assertIn(part, text)
        points = self._numbers(page, "Part of Score")
        self.assertAlmostEqual(sum(points), line.score, delta=0.015)

    def test_three_sheets_are_three_pages(self):
        """Every customer of a batch begins on a page of his own, in one document."""
        accounts = self.aurora + self.boreal + self.late
        pages = self._render("report_reasons", accounts)
        self.assertEqual(len(pages), 3)
        for page, account in zip(pages, accounts, strict=True):
            self.assertIn(account.name, self._text(page))
        breaks = [
            bool(re.search("page-break-before", p.get("style", ""))) for p in pages
        ]
        self.assertEqual(breaks, [False, True, True])

    def test_reader_prints(self):
        """Whoever may see a tier may print why."""
        self.env = self.env(user=self.reader)
        for name, records in (
            ("report_key_accounts", self.evaluation),
            ("report_accounts", self.aurora),
            ("report_reasons", self.aurora),
            ("report_reasons_line", self._line_of(self.evaluation, self.aurora)),
        ):
            with self.subTest(name):
                self.assertEqual(len(self._render(name, records)), 1)

    def test_file_prints_what_is_known(self):
        """The sheet of a file shows its facts, money and open tasks, and leaves out
        what is unknown (R030, R033)."""
        self.aurora._change_holder(self.seller)
        self.aurora.write(
            {"needs": "Quiet rooms", "show_budget": 90_000, "risk": "high"}
        )
        self.aurora.activity_schedule(summary="Call him", user_id=self.seller.id)
        self.env = self.env(user=self.seller)
        (page,) = self._render("report_file", self.aurora)
        text = self._text(page)
        for part in (AURORA, "Quiet rooms", "90,000.00", "High", "Call him", "80,000"):
            self.assertIn(part, text)
        self.assertNotIn("Past Shows", text)
        (page,) = self._render("report_file", self.aurora, "zh_CN")
        self.assertIn("高", self._text(page))

    def test_file_prints_people_notes_and_team(self):
        """The sheet names who decides and who of us knows him, the latest notes and
        who serves the customer, in the reader's language (R024, R034, R109)."""
        self.aurora._change_holder(self.seller)
        self._tell_of_aurora()
        self.env = self.env(user=self.seller)
        (page,) = self._render("report_file", self.aurora)
        self.assertEqual(
            self._rows(page, "people"),
            [
                ["Mr Qiu", "Director", "Decider", "Champion", self.seller.name],
                ["Ms Fang", "", "", "Neutral", "Nobody"],
            ],
        )
        self.assertEqual(
            self._rows(page, "team"),
            [[f"{self.chair.name} (lead)", "Planner", "12/01/2025", ""]],
        )
        # five notes at most, the latest first
        notes = self._rows(page, "notes")
        self.assertEqual([row[0] for row in notes][::4], ["12/20/2025", "12/16/2025"])
        self.assertIn("Note 20 (Trade press) What it means", notes[0][1])
        (page,) = self._render("report_file", self.aurora, "zh_CN")
        self.assertIn("2025/12/01", self._text(page))

    def test_file_without_people(self):
        """A file nobody has filled has no empty tables."""
        self.aurora._change_holder(self.seller)
        (page,) = self._render("report_file", self.aurora)
        for name in ("people", "team", "notes"):
            self.assertFalse(self._text(*page.xpath(f".//div[@name='{name}']")))

    def _tell_of_aurora(self):
        """Two people, a team of one, and six notes."""
        People = self.env["key.account.stakeholder"]
        boss, _aide = People.create(
            [
                {
                    "account_id": self.aurora.id,
                    "partner_id": self.env["res.partner"]
                    .create({"parent_id": self.aurora.partner_id.id, **contact})
                    .id,
                    **vals,
                }
                for contact, vals in (
                    (
                        {"name": "Mr Qiu", "function": "Director"},
                        {"buying_role": "decider", "stance": "champion"},
                    ),
                    ({"name": "Ms Fang"}, {}),
                )
            ]
        )
        self.env["key.account.stakeholder.relation"].create(
            {"stakeholder_id": boss.id, "user_id": self.seller.id, "level": "2"}
        )
        self.env["key.account.member"].with_user(self.manager).create(
            {
                "account_id": self.aurora.id,
                "user_id": self.chair.id,
                "role_id": self.env.ref("key_account.role_planner").id,
                "date_from": "2025-12-01",
                "is_lead": True,
            }
        )
        self.env["key.account.insight"].create(
            [
                {
                    "name": f"Note {day}",
                    "kind": "customer",
                    "account_id": self.aurora.id,
                    "date": f"2025-12-{day}",
                    "source": "Trade press",
                    "body": "<p>What it means</p>",
                }
                for day in range(15, 21)
            ]
        )

    def _rows(self, page, name):
        """The texts of the rows of the table in a part of the page."""
        rows = page.xpath(f".//div[@name='{name}']//tr[td]")
        return [[self._text(cell) for cell in row.xpath("td")] for row in rows]

    def test_strangers_print_no_file(self):
        """The sheet is refused to whom the file is closed, with a sentence (R035)."""
        self.aurora._change_holder(self.seller)
        for user in (self.chair, self.reader):
            self.env = self.env(user=user)
            with self.subTest(user.login), self.assertRaises(Exception) as caught:
                self._render("report_file", self.aurora)
            self.assertIn("those who serve him", str(caught.exception))

    # --- On paper ---

    def test_pdf(self):
        """Any wkhtmltopdf, patched or not, prints a batch as one PDF, a page each."""
        accounts = self.aurora + self.boreal + self.late
        report = self.env["ir.actions.report"].with_context(force_report_rendering=True)
        with self.allow_pdf_render():
            content, kind = report._render_qweb_pdf(
                "key_account.report_reasons", accounts.ids
            )
        self.assertEqual(kind, "pdf")
        self.assertEqual(len(PdfReader(io.BytesIO(content)).pages), 3)
