from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .request_case import DataRequestCase


@tagged("post_install", "-at_install")
class TestDataRequest(DataRequestCase):
    def turn(self, request):
        return request.sudo().turn_user_ids

    def test_four_people_approve(self):
        """Head of department, steward, manager and general manager, each at his turn;
        the request is open after the last one only (R038)."""
        request = self._request()
        stages = [
            ("department", self.head),
            ("steward", self.steward),
            ("manager", self.manager),
            ("general_manager", self.general),
        ]
        for state, user in stages:
            self.assertEqual(request.state, state)
            self.assertIn(user, self.turn(request))
            self.assertIn(user, request.sudo().activity_ids.user_id)
            self.assertFalse(request.is_open)
            request.with_user(user).action_approve("Fine")
        self.assertEqual(request.state, "approved")
        self.assertTrue(request.is_open)
        self.assertFalse(self.turn(request))
        self.assertFalse(request.sudo().activity_ids)
        self.assertEqual(
            [(row.stage, row.user_id) for row in request.approval_ids], stages
        )

    def test_only_whose_turn_it_is_decides(self):
        """Nobody decides before his turn, and a manager does not jump the queue."""
        request = self._request()
        for user in (self.steward, self.manager):
            with self.subTest(user.login), self.assertRaisesRegex(UserError, "turn"):
                request.with_user(user).action_approve()
        with self.assertRaises(AccessError):
            request.with_user(self.general).action_approve()
        self.assertEqual(request.state, "department")

    def test_requester_never_approves(self):
        """A manager who asks decides none of the stages, whatever he is (R038)."""
        for place in range(4):
            self._create_user(f"ka_other{place}", "key_account.group_manager")
        self.company.key_account_general_manager_id = self.manager
        request = self._request(user=self.manager)
        for _stage in range(4):
            self.assertNotIn(self.manager, self.turn(request))
            with self.assertRaisesRegex(UserError, "You requested"):
                request.action_approve()
            request.with_user(self.turn(request)[0]).action_approve()
        self.assertEqual(request.state, "approved")

    def test_nobody_approves_twice(self):
        """Who approved as steward is out of the manager's stage (R038)."""
        request = self._request()
        request.with_user(self.head).action_approve()
        request.with_user(self.manager).action_approve()  # managers are stewards too
        second = self._create_user("ka_manager2", "key_account.group_manager")
        with self.assertRaisesRegex(UserError, "already"):
            request.with_user(self.manager).action_approve()
        request.with_user(second).action_approve()
        self.assertEqual(request.state, "general_manager")

    def test_without_department_the_team_leader_decides(self):
        """The leader of the sales team stands in for the head, else a manager."""
        self.department.manager_id = False
        team = self.env["crm.team"].create(
            {
                "name": "East",
                "user_id": self.chair.id,
                "company_id": self.company.id,
                "member_ids": [Command.link(self.seller.id)],
            }
        )
        self.env.invalidate_all()
        self.assertEqual(self.turn(self._request()), self.chair)
        team.user_id = False
        self.assertIn(self.manager, self.turn(self._request()))

    def test_refusal_needs_a_reason(self):
        """A refusal says why, is final, and is told to the requester."""
        request = self._request()
        with self.assertRaisesRegex(UserError, "why"):
            request.with_user(self.head).action_refuse(" ")
        request.with_user(self.head).action_refuse("Too much")
        self.assertEqual(request.state, "refused")
        self.assertEqual(request.approval_ids.comment, "Too much")
        told = request.sudo().message_ids.partner_ids
        self.assertIn(self.seller.partner_id, told)
        with self.assertRaises(UserError):
            request.with_user(self.head).action_approve()

    def test_audience_is_frozen_when_submitted(self):
        """Who joins the audience later is not covered."""
        request = self._request(audience="[('name', 'ilike', 'o')]")
        self.assertEqual(request.account_ids, self.accounts.filtered("name")[:1])
        self._create_account("Osaka Optics")
        self.assertEqual(request.account_count, 1)
        self.assertEqual(len(request.account_ids), 1)

    def test_audience_with_the_rights_of_the_requester(self):
        """Accounts of a company where the requester does not work are never in it."""
        other = self._create_company("Elsewhere")
        account = self.env["key.account"].sudo()._open_for(self.stranger, other)
        request = self._request(audience="[]")
        self.assertNotIn(account, request.sudo().account_ids)
        with self.assertRaisesRegex(UserError, "no customer"):
            self._request(account)

    def test_bad_audience(self):
        """An audience that names nobody, or is no condition, is refused."""
        for audience in ("[('id', '=', 0)]", "nonsense", "[('nope', '=', 1)]", "1 +"):
            with self.subTest(audience), self.assertRaises(UserError):
                self._request(audience=audience)

    def test_terms_stay_as_submitted(self):
        """Neither the requester nor a manager changes what is being decided."""
        request = self._request()
        for name, value in (
            ("purpose", "Else"),
            ("audience", "[]"),
            ("channel", "api"),
            ("expires_on", "2099-01-01"),
            ("user_ids", [Command.link(self.reader.id)]),
        ):
            with self.subTest(name), self.assertRaisesRegex(UserError, "submitted"):
                request.write({name: value})
        for vals in (
            {"state": "approved"},
            {"account_ids": [Command.clear()]},
            {"requester_id": self.reader.id},
            {"turn_user_ids": [Command.link(self.seller.id)]},
        ):
            with self.subTest(vals), self.assertRaises(UserError):
                request.sudo().write(vals)
        with self.assertRaises(UserError):
            request.unlink()

    def test_only_the_requester_submits_and_withdraws(self):
        """Nobody acts in another's name."""
        request = self._request(submit=False)
        with self.assertRaises(UserError):
            request.with_user(self.manager).action_submit()
        request.action_submit()
        with self.assertRaises(UserError):
            request.with_user(self.manager).action_withdraw()
        request.action_withdraw()
        self.assertEqual(request.state, "withdrawn")
        self.assertFalse(self.turn(request))

    def test_dates(self):
        """It holds 30 days unless told otherwise, and never longer than the company
        allows."""
        with freeze_time("2026-03-10 04:00:00"):
            request = self._request(submit=False)
            self.assertEqual(str(request.expires_on), "2026-04-09")
            self.company.key_account_request_days = 40
            with self.assertRaisesRegex(ValidationError, "40"):
                request.expires_on = "2026-04-20"
            request.expires_on = "2026-04-19"
        with freeze_time("2026-04-20 04:00:00"):
            with self.assertRaisesRegex(UserError, "ended"):
                request.action_submit()

    def test_open_by_the_days_of_the_company(self):
        """It opens and closes at midnight in Shanghai, whether the job ran or not."""
        with freeze_time("2026-03-10 04:00:00"):
            request = self._approved(expires_on="2026-03-12", date_from="2026-03-11")
            self.assertFalse(request.is_open)
        Request = self.env["key.account.data.request"]
        for moment, is_open in (
            ("2026-03-10 15:59:00", False),
            ("2026-03-10 16:01:00", True),
            ("2026-03-12 15:59:00", True),
            ("2026-03-12 16:01:00", False),
        ):
            with self.subTest(moment), freeze_time(moment):
                self.env.invalidate_all()
                self.assertEqual(request.is_open, is_open)
                found = Request.search([("is_open", "=", True)])
                self.assertEqual(request in found, is_open)
                closed = Request.search([("is_open", "=", False)])
                self.assertEqual(request in closed, not is_open)

    def test_job_ends_what_is_over(self):
        """The daily job ends approved and undecided ones, and asks anew where the
        people have changed."""
        with freeze_time("2026-03-10 04:00:00"):
            over = self._approved(expires_on="2026-03-12")
            undecided = self._request(expires_on="2026-03-12")
            waiting = self._request(expires_on="2026-04-01")
            self.department.manager_id.user_id = self.chair
        with freeze_time("2026-03-13 04:00:00"):
            self._run_cron("key.account.data.request", "_cron_expire")
        self.assertEqual((over | undecided).mapped("state"), ["ended", "ended"])
        self.assertEqual(waiting.state, "department")
        self.assertEqual(self.turn(waiting), self.chair)
        self.assertEqual(waiting.sudo().activity_ids.user_id, self.chair)

    def test_close(self):
        """The requester, or a manager, ends an approved one early; others do not."""
        request = self._approved()
        with self.assertRaises(UserError):
            request.with_user(self.steward).action_close()
        request.with_user(self.manager).action_close()
        self.assertEqual(request.state, "ended")

    def test_request_from_the_list_of_accounts(self):
        """*Request Data* brings the chosen customers along."""
        action = self.accounts[:2].with_user(self.seller).action_request_data()
        request = self._request(submit=False).with_context(**action["context"])
        new = request.create({"purpose": "x", "content": "y"})
        new.action_submit()
        self.assertEqual(new.account_ids, self.accounts[:2])

    def test_strangers_see_nothing(self):
        """A reader does not see what others request; who decides does."""
        request = self._request()
        self.assertFalse(request.with_user(self.reader).has_access("read"))
        self.assertTrue(request.with_user(self.head).has_access("read"))
        self.assertFalse(request.with_user(self.general).has_access("read"))
        with self.assertRaises(AccessError):
            request.with_user(self.reader).action_approve()
