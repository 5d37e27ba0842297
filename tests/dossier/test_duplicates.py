from odoo.tests import tagged
from odoo.tools import SQL

from ..common import KeyAccountCase


@tagged("post_install", "-at_install")
class TestDuplicates(KeyAccountCase):
    """The search of "key.account.duplicates" and what it may say (R134)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Account = cls.env["key.account"]
        cls.customer = cls._create_customer(
            "上海云海科技有限公司",
            vat="91310000MA1FL0000X",
            phone="+86 21 5550 1234",
            email="info@yunhai.example.com",
        )
        cls.account = cls._create_account(cls.customer)

    def hows(self, **vals):
        """How the account is recognised by ``vals``."""
        return self.Account._find_duplicates([vals])[0].get(self.account, set())

    def test_keys_follow_the_name(self):
        """A customer who changes his name is found by the new one."""
        self.assertEqual(self.account.name_key, "上海云海科技")
        self.assertEqual(self.account.name_core, "云海")
        self.customer.name = "Blue Sea GmbH"
        self.assertEqual(self.account.name_key, "bluesea")
        self.assertEqual(self.hows(name="上海云海科技有限公司"), set())
        self.assertEqual(self.hows(name="BLUE SEA"), {"name", "similar"})

    def test_either_half_of_a_bilingual_name(self):
        """Somebody may know the English half of a name only (R134)."""
        self.customer.name = "天工机床 Tiangong Machine Tools"
        self.assertEqual(self.account.name_latin, "tiangongmachinetools")
        for name in ("天工机床", "Tiangong Machine Tools Co., Ltd."):
            with self.subTest(name):
                self.assertEqual(self.hows(name=name), {"similar"})
        self.assertEqual(self.hows(name="Machine Tools Ltd"), set())

    def test_each_way_of_recognising(self):
        for vals, hows in (
            ({"name": "上海雲海科技股份有限公司"}, {"name", "similar"}),
            ({"name": "云海信息（北京）有限公司"}, {"similar"}),
            ({"name": "Other", "name_en": "上海云海科技"}, {"name", "similar"}),
            ({"vat": "CN 9131 0000 MA1F L000 0X"}, {"tax"}),
            ({"phone": "021-55501234"}, {"phone"}),
            ({"email": "ann@YUNHAI.example.com"}, {"mail"}),
            ({"phone": "0755-55501234"}, set()),
            ({"email": "yunhai@qq.com"}, set()),
            ({"vat": "/"}, set()),
            ({"name": "有限公司", "phone": "12", "email": False, "vat": None}, set()),
            ({}, set()),
        ):
            with self.subTest(vals):
                self.assertEqual(self.hows(**vals), hows)

    def test_contacts_of_the_customer_count(self):
        """The number of his purchaser is his number."""
        self.env["res.partner"].create(
            {
                "name": "Wang Wei",
                "parent_id": self.customer.id,
                "phone": "139 1234 5678",
                "email": "wang@sea-fairs.example.com",
            }
        )
        self.assertEqual(self.hows(phone="+8613912345678"), {"phone"})
        self.assertEqual(self.hows(email="li@sea-fairs.example.com"), {"mail"})

    def test_answers_come_in_the_order_of_the_questions(self):
        other = self._create_account("Nordlicht GmbH")
        vals_list = [
            {"name": "Nordlicht"},
            {"name": "Nobody"},
            {"name": "上海云海科技"},
        ]
        found = self.Account._find_duplicates(vals_list)
        self.assertEqual(
            [set(hits) for hits in found], [{other}, set(), {self.account}]
        )
        backwards = self.Account._find_duplicates(vals_list[::-1])
        self.assertEqual(backwards, found[::-1])

    def test_queries_do_not_grow(self):
        """Ten thousand names cost as many queries as one."""
        self.env.flush_all()
        vals = {"vat": "91310000MA1FL0001X", "phone": "02112345678", "email": "a@b.cn"}
        with self.assertQueryCount(5):
            self.Account._find_duplicates([{"name": "One Name", **vals}])
        many = [{"name": f"Company {number}", **vals} for number in range(10_000)]
        with self.assertQueryCount(5):
            self.Account._find_duplicates(many)

    def test_what_is_said_of_a_customer(self):
        """Team of the owner, else the company; nothing else of him."""
        answer = self.account._holding_answer
        self.assertEqual(answer(), f"Without an owner in {self.company.name}")
        self.account._change_holder(self.seller)
        self.assertEqual(answer(), f"Held in {self.company.name}")
        team = self.env["crm.team"].create(
            {
                "name": "East",
                "company_id": self.company.id,
                "member_ids": self.seller.ids,
            }
        )
        self.assertEqual(self.seller.sale_team_id, team)
        self.assertEqual(answer(), "Held by team East")

    def test_the_expressions_are_those_of_the_indexes(self):
        """PostgreSQL answers by an index only what is written as in the index."""
        self.env.cr.execute(
            "SELECT indexdef FROM pg_indexes WHERE tablename = 'res_partner'"
            " AND indexname LIKE %s ORDER BY indexname",
            ["res_partner_key_account_%_idx"],
        )
        indexed = [
            row[0].partition("btree (")[2].partition(") WHERE")[0]
            for row in self.env.cr.fetchall()
        ]
        self.assertEqual(len(indexed), 3)
        finders = (
            self.Account._mail_sql,
            self.Account._phone_sql,
            self.Account._tax_sql,
        )
        for finder, expression in zip(finders, indexed, strict=True):
            plan = self.env.execute_query(
                SQL("EXPLAIN SELECT id FROM res_partner WHERE %s = 'a'", finder())
            )
            self.assertIn(expression, " ".join(row[0] for row in plan))
