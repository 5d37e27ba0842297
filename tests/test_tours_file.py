import json
from contextlib import contextmanager

from odoo.fields import Command
from odoo.http import Request
from odoo.tests import HttpCase, tagged

from .dossier.request_case import DataRequestCase


class FileTourCase(DataRequestCase, HttpCase):
    """A customer with people, served by ``seller``; four people who decide."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for lang in ("en_US", "zh_CN"):
            cls.env["res.lang"]._activate_lang(lang)
        cls.walkers = (
            cls.seller + cls.chair + cls.manager + cls.steward + cls.head + cls.general
        )
        cls.walkers.odoobot_state = "disabled"
        cls.aurora = cls._create_account("Aurora Fairs", needs="Quiet rooms")
        cls.aurora._change_holder(cls.seller)
        boss = cls._create_person("Mr Qian", buying_role="decider")
        cls._create_person("Ms Lin", reports_to_id=boss.id)
        role = cls.env.ref("key_account.role_planner")
        cls.env["key.account.team.template"].create(
            {
                "name": "East",
                "line_ids": [
                    Command.create({"role_id": role.id, "user_id": cls.chair.id})
                ],
            }
        )

    @classmethod
    def _create_person(cls, name, **vals):
        contact = cls.env["res.partner"].create(
            {"name": name, "parent_id": cls.aurora.partner_id.id}
        )
        return cls.env["key.account.stakeholder"].create(
            {"account_id": cls.aurora.id, "partner_id": contact.id, **vals}
        )

    @contextmanager
    def _speaking(self, lang):
        self.walkers.lang = lang
        with self.subTest(lang):
            yield

    def _walk(self, url, tour, user):
        self.start_tour(f"/odoo/{url}", tour, login=user.login, timeout=180)
        self.env.invalidate_all()


class FileStories:
    """What each size of screen runs, in both languages."""

    def test_a_file_is_opened_and_staffed(self):
        """Its owner opens the file and reads who reports to whom; a stranger is shown
        a closed file until the manager takes him into the team (R024, R025, R035,
        R109, R110)."""
        page = f"key-accounts/{self.aurora.id}"
        for lang in ("en_US", "zh_CN"):
            with self._speaking(lang):
                self._walk("my-key-accounts", "key_account_file_open", self.seller)
                self._walk(page, "key_account_file_closed", self.chair)
                self._walk(page, "key_account_file_staff", self.manager)
                self.assertEqual(self.aurora.current_member_ids.user_id, self.chair)
                self.assertTrue(self.aurora.with_user(self.chair).may_open)
                self.aurora.current_member_ids.action_end_now()
                self.env.invalidate_all()
                self.assertFalse(self.aurora.with_user(self.chair).may_open)

    def test_data_leave_on_request(self):
        """A salesperson asks for data, four people agree, and then he may export; each
        use is written down (R038)."""
        for lang in ("en_US", "zh_CN"):
            with self._speaking(lang):
                self._walk(
                    "key-account-data-requests", "key_account_file_request", self.seller
                )
                request = self.env["key.account.data.request"].search(
                    [("requester_id", "=", self.seller.id)], limit=1, order="id desc"
                )
                self.assertEqual(request.state, "department")
                self.assertEqual(request.account_ids, self.accounts + self.aurora)
                page = f"key-account-data-requests/{request.id}"
                for user in (self.head, self.steward, self.manager, self.general):
                    self._walk(page, "key_account_file_approve", user)
                self.assertEqual(request.state, "approved")
                self._export()
                self.assertRecordValues(
                    request.use_ids, [{"user_id": self.seller.id, "row_count": 4}]
                )
                request.with_user(self.seller).action_close()


@tagged("post_install", "-at_install")
class TestFileToursDesktop(FileStories, FileTourCase):
    browser_size = "1366x768"

    def _export(self):
        self._walk(
            "key-accounts?view_type=list", "key_account_file_export", self.seller
        )


@tagged("post_install", "-at_install")
class TestFileToursPhone(FileStories, FileTourCase):
    browser_size = "390x844"
    touch_enabled = True

    def _export(self):
        """Phones offer no export; the request behind the desktop's button counts."""
        self.authenticate(self.seller.login, self.seller.login)
        what = {
            "model": "key.account",
            "fields": [{"name": "name", "label": "Name", "type": "char"}],
            "ids": (self.accounts + self.aurora).ids,
            "domain": [],
            "import_compat": False,
        }
        response = self.url_open(
            "/web/export/xlsx",
            data={"data": json.dumps(what), "csrf_token": Request.csrf_token(self)},
        )
        self.assertEqual(response.status_code, 200)
