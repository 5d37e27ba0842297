import csv
from pathlib import Path

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from ..common import KeyAccountCase

EXTRACT = Path(__file__).parents[1] / "data" / "exhibitors_extract.csv"
HEADERS = "参展商,英文名称,展位号,展馆,所属行业"


@tagged("post_install", "-at_install")
class TestExhibitorList(KeyAccountCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.known = cls._create_account("Nordlicht Antriebe GmbH")
        cls.list = cls._create_list(
            cls.seller,
            {"name": "Alpenglas AG", "contact_name": "Urs Keller", "stand_no": "A1"},
            {"name": "NORDLICHT ANTRIEBE"},
            {"name": "Nordlicht Group"},
            {"name": "ALPENGLAS"},
            {"name": "★"},
        )

    @classmethod
    def _create_list(cls, user, *lines):
        return (
            cls.env["key.account.exhibitor.list"]
            .with_user(user)
            .create(
                {
                    "name": "Fair",
                    "line_ids": [Command.create(vals) for vals in lines],
                }
            )
        )

    def verdicts(self, exhibitors=None):
        return (exhibitors or self.list).line_ids.mapped("verdict")

    # --- Checking ---

    def test_two_lines_that_are_like_each_other(self):
        """Of two lines whose names differ in region and kind only, the second one is
        left to people (R134)."""
        exhibitors = self._create_list(
            self.seller,
            {"name": "深圳市光年机器人有限公司", "stand_no": "H3-A12"},
            {"name": "光年机器人（深圳）有限公司"},
            {"name": "别样机器人有限公司"},
        )
        exhibitors.action_check()
        self.assertEqual(self.verdicts(exhibitors), ["new", "similar", "new"])
        second = exhibitors.line_ids[1]
        self.assertEqual(second.decision, "skip")
        self.assertEqual(
            second.answer, "Like one of this list: 深圳市光年机器人有限公司 (H3-A12)"
        )

    def test_verdicts(self):
        """New, known, like somebody, twice in the list, no name (R049, R130)."""
        self.known.partner_id.email = "info@nordlicht.example.com"
        self.list.line_ids[2].email = "group@nordlicht.example.com"
        self.list.action_check()
        self.assertEqual(self.list.state, "checked")
        self.assertEqual(
            self.verdicts(), ["new", "existing", "similar", "double", "invalid"]
        )
        self.assertEqual(self.list.line_ids.mapped("decision"), ["make"] + ["skip"] * 4)
        answers = self.list.line_ids.mapped("answer")
        place = f"Without an owner in {self.company.name}"
        self.assertEqual(answers[1], f"{place}, by name")
        self.assertEqual(answers[2], f"{place}, by mail domain")
        self.assertEqual(answers[3], "Also in this list: Alpenglas AG (A1)")
        counts = [
            self.list[f"{name}_count"]
            for name in (
                "line",
                "new",
                "similar",
                "existing",
                "double",
                "wanted",
                "made",
            )
        ]
        self.assertEqual(counts, [5, 1, 1, 1, 1, 1, 0])

    def test_checking_makes_nothing(self):
        partners = self.env["res.partner"].search_count([])
        accounts = self.env["key.account"].search_count([])
        self.list.action_check()
        self.assertEqual(self.env["res.partner"].search_count([]), partners)
        self.assertEqual(self.env["key.account"].search_count([]), accounts)

    def test_a_wrong_address_is_told(self):
        exhibitors = self._create_list(self.seller, {"name": "Zeiss", "email": "nope"})
        exhibitors.action_check()
        self.assertEqual(self.verdicts(exhibitors), ["invalid"])
        self.assertIn("nope is no e-mail address", exhibitors.line_ids.answer)

    def test_a_decision_stays_while_the_verdict_does(self):
        self.list.action_check()
        self.list.line_ids[0].action_skip()
        self.list.action_check()
        self.assertEqual(self.list.line_ids[0].decision, "skip")

    def test_an_empty_list_is_not_checked(self):
        with self.assertRaisesRegex(UserError, "Import a file first"):
            self._create_list(self.seller).action_check()

    def test_checking_costs_the_same_for_all(self):
        """The queries do not grow with the lines."""
        few = self._create_list(self.seller, {"name": "First"}, {"name": "Second"})
        many = self._create_list(
            self.seller, *({"name": f"Company {number}"} for number in range(500))
        )
        counts = []
        for exhibitors in (few, many):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            exhibitors.action_check()
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 2)

    # --- Making ---

    def test_making(self):
        """Customer, contact person and account come into being, and the line says so
        to whoever may open the file."""
        self.list.action_check()
        self.list.line_ids[2].action_skip()
        message = self.list.action_make()["params"]["message"]
        self.assertEqual(message, "1 accounts made, 0 lines left out.")
        line = self.list.line_ids[0]
        account = line.sudo().target_id
        self.assertEqual(account.name, "Alpenglas AG")
        self.assertEqual(account.state, "prospect")
        self.assertEqual(account.company_id, self.company)
        self.assertEqual(account.partner_id.child_ids.name, "Urs Keller")
        self.assertFalse(line.account_id, "the file is closed to him")
        self.assertEqual(line.with_user(self.steward).account_id, account)
        self.assertEqual(self.list.state, "done")

    def test_making_twice_makes_nothing_new(self):
        self.list.action_check()
        self.list.action_make()
        count = self.env["key.account"].search_count([])
        self.list.action_make()
        self.list.action_check()
        self.list.action_make()
        self.assertEqual(self.env["key.account"].search_count([]), count)
        self.assertEqual(self.list.line_ids[0].verdict, "new")

    def test_making_before_checking(self):
        with self.assertRaisesRegex(UserError, "not checked yet"):
            self.list.action_make()

    def test_what_was_new_may_be_taken_meanwhile(self):
        """Somebody opened the account between the check and the making."""
        self.list.action_check()
        self._create_account("Alpenglas")
        self.list.action_make()
        line = self.list.line_ids[0]
        self.assertEqual((line.verdict, line.is_made), ("existing", False))
        self.assertIn("Without an owner", line.left_out)

    def test_who_is_known_is_not_made_again(self):
        """A decision does not make an account of who has one, nor of no name."""
        self.list.action_check()
        self.list.line_ids.action_make_account()
        message = self.list.action_make()["params"]["message"]
        self.assertEqual(message, "2 accounts made, 3 lines left out.")
        made = self.list.line_ids.filtered("is_made")
        self.assertEqual(made.mapped("name"), ["Alpenglas AG", "Nordlicht Group"])
        posted = self.list.message_ids[0].body
        self.assertIn("NORDLICHT ANTRIEBE", posted)

    def test_a_bad_line_does_not_stop_the_others(self):
        """The database refuses one of them; the others are made."""
        exhibitors = self._create_list(
            self.seller, *({"name": name} for name in ("Good", "Bad", "Better"))
        )
        exhibitors.action_check()
        Line = self.env.registry["key.account.exhibitor.list.line"]
        prepare = Line._prepare_partner_vals

        def fail(line, industries):
            vals = prepare(line, industries)
            return {**vals, "country_id": 0x7FFFFFF} if line.name == "Bad" else vals

        self.patch(Line, "_prepare_partner_vals", fail)
        message = exhibitors.action_make()["params"]["message"]
        self.assertEqual(message, "2 accounts made, 1 lines left out.")
        self.assertEqual(exhibitors.line_ids.mapped("is_made"), [True, False, True])
        self.assertIn("country", exhibitors.line_ids[1].left_out)

    def test_a_contact_without_account_is_taken(self):
        """Who stands among the contacts already is not entered a second time."""
        customer = self._create_customer("Alpenglas AG")
        self.list.action_check()
        self.list.action_make()
        self.assertEqual(self.list.line_ids[0].sudo().target_id.partner_id, customer)

    # --- Rights ---

    def test_lists_are_ones_own(self):
        """Contacts in a list are seen by who keeps it and by the stewards."""
        self.assertFalse(self.list.with_user(self.chair).has_access("read"))
        self.assertFalse(self.list.line_ids.with_user(self.chair).has_access("read"))
        self.assertTrue(self.list.with_user(self.steward).has_access("write"))
        with self.assertRaises(AccessError):
            self.list.with_user(self.chair).action_make()

    def test_verdict_and_result_are_not_written_by_hand(self):
        for vals in (
            {"verdict": "new"},
            {"answer": "Free"},
            {"target_id": self.known.id},
            {"is_made": True},
        ):
            with self.subTest(vals), self.assertRaises(UserError):
                self.list.line_ids[0].write(vals)
        with self.assertRaises(UserError):
            self.list.write({"state": "done"})

    def test_what_accounts_were_made_of_stays(self):
        self.list.action_check()
        self.list.action_make()
        with self.assertRaisesRegex(UserError, "to tell where"):
            self.list.line_ids[0].unlink()
        with self.assertRaisesRegex(UserError, "to tell where"):
            self.list.unlink()
        self.list.line_ids[1].unlink()

    # --- The file ---

    def load(self, text, exhibitors):
        """The file through the screen of the import: preview, test, import."""
        action = exhibitors.action_import()["params"]
        wizard = (
            self.env["base_import.import"]
            .with_user(self.seller)
            .with_context(**action["context"])
            .create(
                {
                    "res_model": action["active_model"],
                    "file": text.encode(),
                    "file_name": "list.csv",
                    "file_type": "text/csv",
                }
            )
        )
        options = {
            "has_headers": True,
            "quoting": '"',
            "separator": ",",
            "encoding": "utf-8",
            "name_create_enabled_fields": {},
        }
        preview = wizard.parse_preview(dict(options))
        self.assertNotIn("error", preview)
        matches = preview["matches"]
        columns = [
            matches[place][0] if matches.get(place) else False
            for place in range(len(preview["headers"]))
        ]
        self.assertNotIn(False, columns, "every header is understood")
        result = wizard.execute_import(columns, preview["headers"], dict(options))
        self.assertFalse(result["messages"])
        return columns

    def test_a_real_file_with_chinese_headers(self):
        """The exhibitors of a real fair go through Odoo's own import, and the check
        tells who is known and who stands twice in it."""
        with EXTRACT.open(encoding="utf-8", newline="") as file:
            rows = file.read().split("\n", 1)[1]
        self._create_account("华为技术有限公司")
        exhibitors = self._create_list(self.seller)
        columns = self.load(f"{HEADERS}\n{rows}", exhibitors)
        self.assertEqual(columns, ["name", "name_en", "stand_no", "hall", "industry"])
        with EXTRACT.open(encoding="utf-8", newline="") as file:
            self.assertEqual(exhibitors.line_count, len(list(csv.DictReader(file))))
        exhibitors.action_check()
        by_verdict = exhibitors.line_ids.grouped("verdict")
        self.assertEqual(by_verdict["existing"].mapped("name"), ["华为技术有限公司"])
        # like a customer, or like another exhibitor of the list
        self.assertEqual(
            by_verdict["similar"].mapped("name"),
            [
                "上海纬钛科技有限公司",
                "华为云计算技术有限公司",
                "湖北人形机器人创新中心有限公司",
            ],
        )
        self.assertEqual(by_verdict["double"].mapped("name"), ["Oxtak Limited"])
        self.assertNotIn("invalid", by_verdict)
        exhibitors.action_make()
        self.assertEqual(exhibitors.made_count, len(by_verdict["new"]))

    def test_the_template_is_understood(self):
        """Each header of the file we offer is that of a column."""
        Line = self.env["key.account.exhibitor.list.line"]
        path = Line.get_import_templates()[0]["template"]
        module = Path(__file__).parents[2]
        file = module / path.removeprefix("/key_account/")
        wizard = (
            self.env["base_import.import"]
            .with_user(self.seller)
            .create(
                {
                    "res_model": Line._name,
                    "file": file.read_bytes(),
                    "file_name": file.name,
                    "file_type": "application/vnd.openxmlformats-officedocument"
                    ".spreadsheetml.sheet",
                }
            )
        )
        preview = wizard.parse_preview({"has_headers": True})
        self.assertEqual(len(preview["matches"]), len(preview["headers"]), preview)
        found = {path[0] for path in preview["matches"].values()}
        self.assertEqual(len(found), 15)
