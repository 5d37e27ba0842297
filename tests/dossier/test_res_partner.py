from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tests import tagged

from ..common import KeyAccountCase


@tagged("post_install", "-at_install")
class TestResPartner(KeyAccountCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        tiers = cls._create_scheme().tier_ids
        cls.tier_a, cls.tier_c = tiers[0], tiers[2]
        cls.Partner = cls.env["res.partner"]
        cls.key = cls._create_customer("Orient Motors")
        cls.contact = cls.Partner.create(
            {"name": "Orient Ms Lin", "parent_id": cls.key.id}
        )
        cls.plain = cls._create_customer("Orient Delta")
        cls.fresh = cls._create_customer("Orient Fresh")
        cls.stranger = cls._create_customer("Orient Stranger")
        cls.everyone = cls.key | cls.contact | cls.plain | cls.fresh | cls.stranger
        cls.account = cls._create_account(cls.key)
        cls.account._set_tier(cls.tier_a, "evaluation")
        cls.plain_account = cls._create_account(cls.plain)
        cls.plain_account._set_tier(cls.tier_c, "evaluation")
        cls.fresh_account = cls._create_account(cls.fresh)

    def found(self, field, operator, value, user=None):
        domain = Domain(field, operator, value) & Domain("id", "in", self.everyone.ids)
        return self.Partner.with_user(user or self.employee).search(domain)

    # --- Reading ---

    def test_account_and_tier_are_shown(self):
        """A customer and his contacts show account and tier to each employee (R010)."""
        for partner in (self.key + self.contact).with_user(self.employee):
            self.assertEqual(partner.key_account_id.id, self.account.id)
            self.assertEqual(partner.key_account_tier_id, self.tier_a)
            self.assertTrue(partner.is_key_account)
        self.assertFalse(self.plain.is_key_account)
        self.assertFalse(self.stranger.key_account_id)

    def test_the_screen_of_an_employee(self):
        """An employee without any role reads the fields as the screens do."""
        [values] = self.key.with_user(self.employee).web_read(
            {
                "key_account_id": {"fields": {"display_name": {}}},
                "key_account_tier_id": {"fields": {"display_name": {}}},
                "is_key_account": {},
            }
        )
        self.assertEqual(values["key_account_id"]["display_name"], "Orient Motors")
        self.assertEqual(values["key_account_tier_id"]["display_name"], "A")
        self.assertTrue(values["is_key_account"])

    def test_change_of_the_tier_is_seen_at_once(self):
        """The partner follows his account."""
        self.assertFalse(self.plain.is_key_account)
        self.plain_account._set_tier(self.tier_a, "evaluation")
        self.assertEqual(self.plain.key_account_tier_id, self.tier_a)
        self.assertTrue(self.plain.is_key_account)

    def test_per_company(self):
        """Another company knows nothing of the tier, and has its own account."""
        other = self._create_company("Far Events")
        self.env.user.company_ids |= other
        far = self.key.with_context(allowed_company_ids=other.ids)
        self.assertFalse(far.key_account_id)
        self.assertFalse(far.is_key_account)
        self.assertFalse(
            far.search([("id", "=", far.id), ("key_account_id", "!=", False)])
        )
        opened = self.env["key.account"]._open_for(self.key, other)
        far.invalidate_recordset()
        self.assertEqual(far.key_account_id, opened)
        self.assertFalse(far.key_account_tier_id)
        self.assertEqual(self.key.key_account_id, self.account)

    def test_portal_reads_nothing(self):
        """A portal user learns neither account nor tier, not even of his company."""
        portal = self._create_user("ka_portal", "base.group_portal")
        portal.partner_id.parent_id = self.key
        mine = self.key.with_user(portal)
        self.assertEqual(mine.read(["name"])[0]["name"], "Orient Motors")
        for name in ("key_account_id", "key_account_tier_id", "is_key_account"):
            with self.subTest(name):
                with self.assertRaises(AccessError):
                    mine.read([name])
                with self.assertRaises(AccessError):
                    mine.search([(name, "!=", False)])

    # --- Searching ---

    def test_search_by_tier(self):
        """Every operator finds whom it says, contacts with their company."""
        tiered = self.key | self.contact | self.plain
        keys = self.key | self.contact
        others = self.everyone - keys
        for operator, value, expected in (
            ("=", self.tier_a.id, keys),
            ("!=", self.tier_a.id, others),
            ("in", [self.tier_a.id], keys),
            ("in", (self.tier_a | self.tier_c).ids, tiered),
            ("not in", [self.tier_a.id], others),
            ("=", False, self.fresh | self.stranger),
            ("!=", False, tiered),
            ("in", [self.tier_c.id, False], self.everyone - keys),
            ("not in", [self.tier_c.id, False], keys),
            ("in", [], self.Partner),
            ("ilike", "a", keys),
            ("not ilike", "a", others),
            ("=", "A", keys),
            ("any", [("is_key", "=", True)], keys),
            ("not any", [("is_key", "=", True)], others),
            ("any", [("code", "in", ["A", "C"])], tiered),
        ):
            with self.subTest(operator=operator, value=value):
                self.assertEqual(
                    self.found("key_account_tier_id", operator, value), expected
                )

    def test_search_by_account(self):
        """The same for the account."""
        keys = self.key | self.contact
        for operator, value, expected in (
            ("=", self.account.id, keys),
            ("!=", self.account.id, self.everyone - keys),
            ("in", [self.account.id, self.plain_account.id], keys | self.plain),
            ("=", False, self.stranger),
            ("!=", False, self.everyone - self.stranger),
            ("not in", [False, self.account.id], self.plain | self.fresh),
            ("ilike", "delta", self.plain),
            ("not ilike", "delta", self.everyone - self.plain),
        ):
            with self.subTest(operator=operator, value=value):
                found = self.found("key_account_id", operator, value, self.reader)
                self.assertEqual(found, expected)

    def test_search_by_key(self):
        """Key customers are found, and those who are not, account or none."""
        keys = self.key | self.contact
        for operator, value, expected in (
            ("=", True, keys),
            ("!=", True, self.everyone - keys),
            ("=", False, self.everyone - keys),
            ("!=", False, keys),
            ("in", [True, False], self.everyone),
            ("not in", [True, False], self.Partner),
        ):
            with self.subTest(operator=operator, value=value):
                self.assertEqual(
                    self.found("is_key_account", operator, value), expected
                )

    def test_search_inside_the_account_needs_the_right_to_read_it(self):
        """A reader searches by what the account holds; an employee without a role
        does not learn the potential of a customer by searching for it."""
        self.account.potential = 1000
        domain = [("potential", ">", 500)]
        found = self.found("key_account_id", "any", domain, self.reader)
        self.assertEqual(found, self.key | self.contact)
        for field, operator, value in (
            ("key_account_id", "any", domain),
            ("key_account_id", "not any", domain),
            ("key_account_id.potential", ">", 500),
            ("commercial_partner_id.key_account_id.potential", ">", 500),
        ):
            with self.subTest(field), self.assertRaises(AccessError):
                self.found(field, operator, value)

    # --- Grouping ---

    def groups(self, field, method, **kwargs):
        domain = [("id", "in", self.everyone.ids)]
        partners = self.Partner.with_user(self.employee)
        return getattr(partners, method)(domain, [field], ["__count"], **kwargs)

    def test_group_by_tier(self):
        """Partners group by tier for an employee without a role, in Python and in the
        list; the rows behind a group are its partners."""
        counts = {
            tier.display_name: count
            for tier, count in self.groups("key_account_tier_id", "_read_group")
        }
        self.assertEqual(counts, {"A": 2, "C": 1, False: 2})
        rows = self.groups("key_account_tier_id", "formatted_read_group")
        self.assertEqual(sum(row["__count"] for row in rows), len(self.everyone))
        for row in rows:
            behind = self.Partner.search(
                Domain(row["__extra_domain"]) & Domain("id", "in", self.everyone.ids)
            )
            self.assertEqual(len(behind), row["__count"])
        labels = [row["key_account_tier_id"] for row in rows]
        self.assertIn((self.tier_a.id, "A"), labels)

    def test_group_by_account(self):
        """The same by account."""
        counts = {
            account.id: count
            for account, count in self.groups("key_account_id", "_read_group")
        }
        self.assertEqual(
            counts,
            {
                self.account.id: 2,
                self.plain_account.id: 1,
                self.fresh_account.id: 1,
                False: 1,
            },
        )
        rows = self.groups("key_account_id", "formatted_read_group")
        self.assertIn(
            (self.account.id, "Orient Motors"), [row["key_account_id"] for row in rows]
        )

    # --- Cost ---

    def test_list_of_eighty(self):
        """A page of 80 partners costs at most 3 queries more with our columns."""
        partners = self.Partner.create(
            [{"name": f"Exhibitor {n}", "is_company": True} for n in range(80)]
        )
        accounts = self.env["key.account"]._open_for(partners[:60], self.company)
        for account in accounts[:40]:
            account._set_tier(self.tier_a, "evaluation")
        plain = {"display_name": {}, "email": {}, "country_id": {}}
        ours = {
            **plain,
            "key_account_id": {"fields": {"display_name": {}}},
            "key_account_tier_id": {"fields": {"display_name": {}}},
            "is_key_account": {},
        }
        domain = [("id", "in", partners.ids)]
        for user in (self.employee, self.reader, self.manager):
            with self.subTest(user.login):
                self.queries(user, domain, plain)
                without = self.queries(user, domain, plain)
                self.assertLessEqual(self.queries(user, domain, ours), without + 3)

    def queries(self, user, domain, specification):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        page = self.Partner.with_user(user).web_search_read(domain, specification)
        self.assertEqual(page["length"], 80)
        return self.env.cr.sql_log_count - before
