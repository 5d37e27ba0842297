from freezegun import freeze_time
from psycopg2.errors import CheckViolation

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .analysis_case import CLOSED, MARCH, AnalysisCase, shanghai

LAST = MARCH.replace(day=31)


@tagged("post_install", "-at_install")
@freeze_time(shanghai("04-01 09:00"))
class TestTicketCheck(AnalysisCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Check = cls.env["key.account.ticket.check"]

    def draw(self, user=None, count=1, seed="march", kind="work", team=None):
        return self.Check.with_user(user or self.leader)._draw(
            team or self.team, kind, MARCH, LAST, count, seed
        )

    def mark(self, check, **vals):
        marks = {"complete": "5", "polite": "4", "correct": "3", "in_time": "4"}
        check.write({**marks, "note": "Short and clear", **vals})
        return check

    # --- Drawing ---

    def test_so_many_of_each_person(self):
        """R096: closed tickets of the period, at random, so many of each handler, and
        the seed and how many there were to choose from stay on record."""
        tickets = self.env["key.account.ticket"]
        for _time in range(4):
            tickets |= self._enquiry().sudo()
        other = self._enquiry(user=self.helper)
        self._enquiry(closed=shanghai("04-01 08:00"))  # another month
        self._enquiry(closed=None)
        with freeze_time(CLOSED):
            self._create_ticket().action_withdraw("Nothing")
        checks = self.draw(count=2)
        self.assertEqual(len(checks), 3)
        of_agent = checks.filtered(lambda check: check.agent_id == self.agent)
        self.assertEqual(len(of_agent), 2)
        self.assertLessEqual(set(of_agent.ticket_id.ids), set(tickets.ids))
        self.assertEqual(set(of_agent.mapped("population")), {4})
        self.assertEqual((checks - of_agent).ticket_id.id, other.id)
        self.assertEqual(checks.checker_id, self.leader)
        self.assertEqual(set(checks.mapped("seed")), {"march"})

    def test_the_same_seed_draws_the_same(self):
        """Whoever doubts a sample draws it again; nothing is drawn twice."""
        for _time in range(6):
            self._enquiry()
        checks = self.draw(count=2)
        self.assertEqual(self.draw(count=2), checks)
        self.assertEqual(self.Check.search_count([("team_id", "=", self.team.id)]), 2)
        seeds = {tuple(self.draw(count=2, seed=str(n)).ticket_id.ids) for n in range(9)}
        self.assertGreater(len(seeds), 1)

    def test_who_draws(self):
        """The leader of the team and managers; not its agents, not another leader."""
        self._enquiry()
        for user in (self.agent, self.helper, self.seller, self.reviewer):
            with self.subTest(user.login), self.assertRaises(UserError):
                self.draw(user)
        self.assertTrue(self.draw(self.manager))

    def test_the_form_draws(self):
        """The form offers the last month and the team that one leads, says how many
        there are to choose from, and shows what was drawn."""
        self._enquiry()
        form = self.env["key.account.ticket.draw"].with_user(self.leader).create({})
        self.assertEqual(form.team_id, self.team)
        self.assertEqual((form.date_from, form.date_to), (MARCH, LAST))
        self.assertEqual(form.summary, f"{self.agent.name}: 1")
        action = form.action_draw()
        self.assertEqual(self.Check.search(action["domain"]).agent_id, self.agent)
        form.date_to = "2026-02-01"
        with self.assertRaises(UserError):
            form.action_draw()

    # --- Checking ---

    def test_drawn_checked_talked_over(self):
        """R096: four marks from 1 to 5, a talk about it, and what was agreed."""
        self._enquiry()
        check = self.draw()
        with self.assertRaisesRegex(UserError, "Complete, Polite"):
            check.action_check()
        self.mark(check).action_check()
        self.assertEqual(check.state, "checked")
        self.assertEqual(check.mark, 4)
        talk = check.activity_ids
        self.assertEqual(talk.user_id, self.leader)
        self.assertIn(self.agent.name, talk.summary)
        with self.assertRaisesRegex(UserError, "agreed"):
            check.action_discuss()
        check.agreed = "Ask back once more"
        check.action_discuss()
        self.assertEqual(check.state, "discussed")
        self.assertFalse(check.activity_ids)

    def test_findings_stay(self):
        """What was found and agreed is not rewritten afterwards."""
        self._enquiry()
        check = self.mark(self.draw())
        check.action_check()
        for vals in ({"polite": "1"}, {"note": "Rude"}, {"checker_id": False}):
            with self.assertRaises(UserError):
                check.write(vals)
        check.agreed = "Ask back once more"
        check.action_discuss()
        with self.assertRaises(UserError):
            check.agreed = "Nothing"
        with self.assertRaises(UserError):
            check.unlink()

    def test_nobody_checks_his_own_tickets(self):
        """A leader who handles tickets himself has them checked by somebody else; a
        manager who handled one neither."""
        self._enquiry(user=self.leader)
        own = self.draw()
        self.assertFalse(own.checker_id)
        self.assertFalse(own.sudo(False).with_user(self.leader).is_checker)
        for attempt in (lambda: self.mark(own), lambda: own.action_check()):
            with self.assertRaises(UserError):
                attempt()
        with mute_logger("odoo.sql_db"), self.assertRaises(CheckViolation):
            with self.env.cr.savepoint():
                own.with_user(self.manager).checker_id = self.leader
                self.env.flush_all()
        other = own.with_user(self.manager)
        self.mark(other).action_check()
        self.assertEqual(other.checker_id, self.manager)

    def test_agents_see_their_own_checks_afterwards(self):
        """Who handled the ticket reads the check once it is made, writes nothing in it,
        and sees no one else's."""
        self._enquiry()
        self._enquiry(user=self.helper)
        checks = self.draw()
        check = checks.filtered(lambda one: one.agent_id == self.agent)
        mine = self.Check.with_user(self.agent)
        self.assertFalse(mine.search([]))
        self.mark(check).action_check()
        self.env.invalidate_all()
        self.assertEqual(mine.search([]).ids, check.ids)
        self.assertEqual(mine.search([]).polite, "4")
        for attempt in (
            lambda: mine.search([]).write({"agreed": "Nothing"}),
            lambda: mine.search([]).action_discuss(),
            lambda: mine.browse((checks - check).ids).read(["seed"]),
        ):
            with self.assertRaises(UserError):
                attempt()
        self.assertFalse(self.Check.with_user(self.seller).search([]))

    def test_somebody_else_is_asked(self):
        """The leader may ask a colleague, who must be able to see the ticket."""
        self._enquiry()
        check = self.draw()
        with self.assertRaises(ValidationError):
            check.checker_id = self.reader
        check.checker_id = self.helper
        self.mark(check.with_user(self.helper)).action_check()
        self.assertEqual(check.checker_id, self.helper)

    def test_raw_writes_are_refused(self):
        """How it was drawn and its state are not for anybody to write."""
        self._enquiry()
        self._enquiry(user=self.helper)
        check = self.draw(count=1)[0]
        for vals in (
            {"state": "checked"},
            {"agent_id": self.helper.id},
            {"seed": "mine"},
            {"population": 1},
            {"checked_at": shanghai("04-01 09:00")},
        ):
            with self.subTest(vals), self.assertRaises(UserError):
                check.with_user(self.manager).write(vals)
        with self.assertRaises(UserError):
            self.Check.with_user(self.manager).create({"ticket_id": check.ticket_id.id})
        with self.assertRaises(UserError):
            check.copy()

    # --- Satisfaction ---

    def test_satisfaction_that_was_noted_by_phone(self):
        """I8: samples of what handlers noted themselves are asked again by somebody
        else, and the ticket says what came out."""
        noted = self._enquiry(satisfied=("satisfied", "phone", None))
        self._enquiry(satisfied=("satisfied", "rating", 5))
        check = self.draw(kind="satisfaction", count=5)
        self.assertEqual(check.ticket_id.id, noted.id)
        with self.assertRaises(UserError):
            check.action_check()
        check.action_check("differs")
        self.assertEqual(check.state, "checked")
        self.assertEqual(noted.sudo().sample_result, "differs")
        self.assertEqual(noted.sudo().sampled_by_id, self.leader)
        with self.assertRaises(UserError):
            check.action_check("same")

    def test_both_kinds_of_one_ticket(self):
        """A ticket may be drawn for how it was dealt with and for its satisfaction."""
        self._enquiry(satisfied=("satisfied", "phone", None))
        checks = self.draw() | self.draw(kind="satisfaction")
        self.assertEqual(len(checks), 2)
        self.assertEqual(len(checks.ticket_id), 1)
