from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .commission_case import CommissionCase

MODELS = (
    "key.account.commission.entry",
    "key.account.commission.statement",
    "key.account.commission.split",
    "key.account.commission.deal",
    "key.account.commission.turnover",
    "key.account.commission.dispute",
)
CLOSED = ("key.account.commission.run", "key.account.commission.left.out")


@tagged("post_install", "-at_install")
class TestPrivacy(CommissionCase):
    """commission I10, P17: what somebody earns is read by himself, by who led his team
    at that time and by the officers; by nobody else, in no way."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        customer = cls._create_customer("Orient Motors")
        cls._lead(cls.cho, 2)
        cls.far = cls.env["crm.team"].create(
            {"name": "Far", "company_id": cls.company.id}
        )
        cls.dee = cls._hire("dee", team_id=cls.far.id)
        for user, amount in ((cls.ann, 50_000), (cls.bo, 40_000), (cls.dee, 30_000)):
            cls._earn(user, customer, amount)
        stray = cls._earn(cls.seller, customer, 20_000)
        cls.stray = cls._deal(stray)
        cls.run_ = cls._compute()
        cls.run_.with_user(cls.officer).action_submit()
        for user in cls.ann, cls.bo, cls.dee:
            statement = cls._statement(cls.run_, user).with_user(user)
            statement._raise_dispute(statement.entry_ids[:1], "Too little")

    def owners(self, model, user):
        """Whose rows ``user`` finds."""
        rows = self.env[model].with_user(user).search([])
        return rows.sudo().user_id - (rows.sudo().user_id - self.people)

    @property
    def people(self):
        return self.ann | self.bo | self.dee | self.cho

    def test_search(self):
        """Each finds his own rows; a leader those of his team as well."""
        team = self.ann | self.bo | self.cho
        for user, seen in (
            (self.ann, self.ann),
            (self.dee, self.dee),
            (self.cho, team),
            (self.officer, self.people),
        ):
            for model in MODELS:
                with self.subTest(user=user.login, model=model):
                    has = set(self.env[model].search([]).user_id)
                    expected = {person for person in seen if person in has}
                    self.assertEqual({*self.owners(model, user)}, expected)

    def test_others_see_nothing(self):
        """Readers, managers, members of other teams and employees find no row."""
        for user in self.reader, self.manager, self.steward, self.chair:
            for model in MODELS:
                with self.subTest(user=user.login, model=model):
                    self.assertFalse(self.env[model].with_user(user).search([]))
        for model in MODELS:
            with self.subTest(model=model), self.assertRaises(AccessError):
                self.env[model].with_user(self.employee).search([])
        for model in CLOSED:
            for user in self.ann, self.cho, self.manager, self.employee:
                with self.subTest(model=model), self.assertRaises(AccessError):
                    self.env[model].with_user(user).search([])

    def test_sums(self):
        """Grouped and counted, others' amounts do not come out either."""
        Entry = self.env["key.account.commission.entry"].with_user(self.ann)
        ((total,),) = Entry._read_group([("kind", "=", "earn")], [], ["amount:sum"])
        self.assertEqual(total, 1_500)
        rows = Entry.formatted_read_group([], ["user_id"], ["amount:sum"])
        self.assertEqual([row["user_id"][0] for row in rows], [self.ann.id])
        Deal = self.env["key.account.commission.deal"].with_user(self.ann)
        self.assertEqual(Deal.search_count([]), 1)

    def test_related_paths(self):
        """Searching through what one may see finds nothing of others."""
        Deal = self.env["key.account.commission.deal"].with_user(self.ann)
        self.assertEqual(Deal.search([("entry_ids.amount", ">", 0)]).user_id, self.ann)
        Order = self.env["sale.order"].with_user(self.ann)
        found = Order.search([("key_account_deal_ids.net_profit", ">", 0)])
        self.assertEqual(found.user_id, self.ann)
        with self.assertRaises(AccessError):
            self.run_.with_user(self.ann).statement_ids.mapped("net")

    def test_reading_and_exporting(self):
        """A row of somebody else is neither read nor exported by its number."""
        for model in MODELS:
            row = self.env[model].search([("user_id", "=", self.bo.id)], limit=1)
            self.assertTrue(row, model)
            mine = row.with_user(self.ann)
            for attempt in (
                lambda mine=mine: mine.read(["display_name"]),
                lambda mine=mine: mine.web_read({"display_name": {}}),
                lambda mine=mine: mine.export_data(["id", "user_id/name"]),
                lambda mine=mine: mine.copy(),
            ):
                with self.subTest(model=model), self.assertRaises(UserError):
                    attempt()

    def test_messages(self):
        """Nobody writes into the log of somebody else's statement, nor reads it."""
        self.words = "1,200 for Bo"
        statement = self._statement(self.run_, self.bo)
        with self.assertRaises(AccessError):
            statement.with_user(self.ann).message_post(body=self.words)
        note = statement.message_post(body=self.words)
        with self.assertRaises(AccessError):
            note.with_user(self.ann).read(["body"])
        statement.with_user(self.bo).message_post(body=self.words)

    def test_imports(self):
        """An import writes nothing either, of an officer, a leader or a salesperson."""
        # what fails resets the registry, which has the columns of analytic plans
        self.patch(type(self.registry), "reset_changes", lambda registry: None)
        number = str(self.run_.entry_ids[0].id)
        for user in self.ann, self.cho, self.officer:
            Entry = self.env["key.account.commission.entry"].with_user(user)
            result = Entry.load([".id", "amount"], [[number, "99999"]])
            self.assertFalse(result["ids"])
            Statement = self.env["key.account.commission.statement"].with_user(user)
            own = str(self._statement(self.run_, self.ann).id)
            result = Statement.load([".id", "payable"], [[own, "99999"]])
            self.assertFalse(result["ids"])
        self.assertEqual(self._statement(self.run_, self.ann).payable, 1_425)

    def test_draft_statements_are_not_read(self):
        """Before it is sent, only officers see what is computed."""
        self.run_.with_user(self.officer).action_return()
        statement = self._statement(self.run_, self.ann)
        self.assertFalse(statement.with_user(self.ann).has_access("read"))
        self.assertFalse(self.owners("key.account.commission.entry", self.ann))
        self.assertTrue(statement.with_user(self.officer).has_access("read"))

    def test_leader_by_date(self):
        """A leader reads what was earned while he led, and nothing of before."""
        late = self._create_user("ka_late", "key_account.group_member")
        self._lead(late, 2, since=date(2026, 7, 1))
        statement = self._statement(self.run_, self.ann)
        self.assertTrue(statement.with_user(self.cho).has_access("read"))
        self.assertFalse(statement.with_user(late).has_access("read"))

    def test_only_officers_work_on_runs(self):
        """No button of a run is pressed by anybody else, whatever his role."""
        for user in self.ann, self.cho, self.manager, self.reader:
            run = self.run_.with_user(user)
            for step in (
                "compute",
                "submit",
                "return",
                "approve",
                "mark_paid",
                "cancel",
            ):
                with self.subTest(user=user.login, step=step):
                    with self.assertRaises(UserError):
                        getattr(run, f"action_{step}")()

    def test_nobody_approves_his_own_pay(self):
        """commission I4: neither who computed or submitted a run approves it, nor an
        officer whom it pays."""
        run = self.run_.with_user(self.officer)
        for dispute in self.run_.statement_ids.dispute_ids:
            dispute.with_user(self.officer).action_decide(False, "It is right")
        with self.assertRaisesRegex(UserError, "somebody else approves"):
            run.action_approve()
        run.action_return()
        self._assign(self.second_officer)
        self._earn(
            self.second_officer,
            self._create_customer("Y"),
            10_000,
            day=date(2026, 6, 3),
        )
        run.action_compute()
        run.action_submit()
        self.assertFalse(self._statement(self.run_, self.second_officer))
        self.run_.with_user(self.second_officer).action_approve()
        third = self._create_run(date(2026, 7, 1))
        third.with_user(self.officer).action_compute()
        third.with_user(self.officer).action_submit()
        self.assertTrue(self._statement(third, self.second_officer))
        with self.assertRaisesRegex(UserError, "This run pays you"):
            third.with_user(self.second_officer).action_approve()
