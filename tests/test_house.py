"""The house keeps its own rules, and each rule is shown to notice a break of it."""

import tempfile
from pathlib import Path

from odoo.tests import BaseCase, tagged

from ..dev import check_house, check_lists

MODEL = """from odoo import fields, models


class {name}(models.{kind}):
    _name = "{model}"
    {body}
"""
MANIFEST = (
    '{"data": ["security/ir.model.access.csv", "views/dossier/account_views.xml"]}'
)


def model(name, body="note = fields.Char()", kind="Model"):
    """Source of a small model."""
    title = name.title().replace(".", "")
    return MODEL.format(name=title, kind=kind, model=name, body=body)


# A small addon that keeps every rule: one account with a view, a test and its rights.
GOOD = {
    "__manifest__.py": MANIFEST,
    "models/__init__.py": "from . import dossier\n",
    "models/dossier/__init__.py": "from . import account\n",
    "models/dossier/account.py": model("key.account"),
    "models/tiering/__init__.py": "from . import account\nfrom . import tier\n",
    "models/tiering/account.py": model(
        "key.account",
        '_inherit = "key.account"\n    tier_ids = fields.One2many("key.account.tier")',
    ),
    "models/tiering/tier.py": model("key.account.tier"),
    "security/ir.model.access.csv": (
        "id,model_id:id\n"
        "access_account,model_key_account\n"
        "access_tier,model_key_account_tier\n"
    ),
    "views/dossier/account_views.xml": '<odoo><field name="tier_ids"/></odoo>\n',
    "tests/__init__.py": "from .dossier import test_account\n",
    "tests/dossier/__init__.py": "",
    "tests/dossier/test_account.py": '"""R001"""\n\nTIER = "key.account.tier"\n',
}


@tagged("post_install", "-at_install")
class TestHouse(BaseCase):
    def found(self, rule, changes=()):
        """Messages of a rule about the good addon with some files replaced."""
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder)
            for name, text in {**GOOD, **dict(changes)}.items():
                if text is not None:
                    path = root / name
                    path.parent.mkdir(parents=True, exist_ok=True)
                    path.write_text(text, encoding="utf-8")
            return [f"{p.path}: {p.message}" for p in rule(root)]

    def assert_noticed(self, rule, changes, message):
        self.assertEqual(self.found(rule), [])
        found = self.found(rule, changes)
        self.assertEqual(len(found), 1, found)
        self.assertIn(message, found[0])

    def test_this_addon_keeps_the_rules(self):
        root = Path(__file__).resolve().parents[1]
        self.assertEqual("\n".join(map(str, check_house.check(root))), "")

    def test_the_good_example_keeps_the_rules(self):
        self.assertEqual(self.found(check_house.check), [])

    def test_an_area_does_not_look_up(self):
        rule = check_house.areas_look_down
        for name, text in (
            (
                "models/dossier/account.py",
                model("key.account", 'x = fields.Many2one("key.account.tier")'),
            ),
            (
                "models/dossier/res_partner.py",
                'QUERY = "SELECT id FROM key_account_tier"\n',
            ),
            (
                "views/dossier/account_views.xml",
                '<odoo><field name="model">key.account.tier</field></odoo>\n',
            ),
            ("data/dossier_jobs.xml", '<odoo ref="model_key_account_tier"/>\n'),
            ("wizards/dossier_merge.py", 'TIER = "key.account.tier"\n'),
        ):
            with self.subTest(name):
                self.assert_noticed(rule, {name: text}, "belongs to tiering")

    def test_an_area_may_look_down_and_tell_of_others(self):
        rule = check_house.areas_look_down
        told = model("key.account").replace(
            "\n    _name", '\n    """Not key.account.tier."""\n    _name'
        )
        self.assertEqual(self.found(rule, {"models/dossier/account.py": told}), [])
        downwards = model("key.account.tier", 'x = fields.Many2one("key.account")')
        self.assertEqual(self.found(rule, {"models/tiering/tier.py": downwards}), [])

    def test_a_file_without_area(self):
        rule = check_house.files_know_their_area
        self.assert_noticed(rule, {"models/other/thing.py": ""}, "not an area")
        self.assert_noticed(rule, {"data/cron.xml": "<odoo/>"}, "begin with an area")

    def test_a_file_is_named_after_its_model(self):
        rule = check_house.stem_is_model
        self.assert_noticed(
            rule,
            {"models/tiering/tier.py": model("key.account.level")},
            "key.account.level belongs into level.py",
        )
        extension = model("x").replace('_name = "x"', '_inherit = "res.partner"')
        self.assert_noticed(
            rule,
            {"models/tiering/partner.py": extension},
            "belongs into res_partner.py",
        )
        self.assertEqual(
            self.found(rule, {"models/tiering/res_partner.py": extension}), []
        )

    def test_a_file_is_too_long(self):
        rule = check_house.files_are_short
        for name in ("models/tiering/tier.py", "tests/dossier/test_account.py"):
            with self.subTest(name):
                self.assert_noticed(rule, {name: "\n" * 401}, "401 lines")

    def test_a_model_that_nothing_shows(self):
        self.assert_noticed(
            check_house.models_are_shown,
            {"views/dossier/account_views.xml": "<odoo/>\n"},
            "key.account.tier has no views/tiering/tier_views.xml",
        )

    def test_a_model_that_no_test_names(self):
        self.assert_noticed(
            check_house.models_are_tested,
            {"tests/dossier/test_account.py": ""},
            "key.account.tier has no tests/tiering/test_tier.py",
        )

    def test_a_model_without_access_rows(self):
        rule = check_house.models_have_access_rows
        rows = {"security/ir.model.access.csv": "access_account,model_key_account\n"}
        self.assert_noticed(rule, rows, "key.account.tier has no row")
        wizard = model("key.account.tier.ask", kind="TransientModel")
        self.assert_noticed(
            rule, {"wizards/tiering_tier_ask.py": wizard}, "key.account.tier.ask"
        )
        mixin = model("key.account.tier.ask", kind="AbstractModel")
        self.assertEqual(self.found(rule, {"models/tiering/tier_ask.py": mixin}), [])

    def test_a_test_that_odoo_would_not_run(self):
        rule = check_lists.tests_are_imported
        for text, message in (
            ("", "does not import dossier.test_account"),
            ("from .dossier import test_account as account\n", "skips names"),
        ):
            with self.subTest(text):
                self.assert_noticed(rule, {"tests/__init__.py": text}, message)
        hidden = {
            "tests/__init__.py": (
                "from .dossier import test_account\nfrom .tiering import test_account\n"
            ),
            "tests/tiering/test_account.py": "",
        }
        self.assert_noticed(rule, hidden, "hides dossier.test_account")

    def test_a_model_file_that_nothing_imports(self):
        self.assert_noticed(
            check_lists.packages_import_all,
            {"models/tiering/__init__.py": "from . import account\n"},
            "models/tiering/__init__.py does not import it",
        )

    def test_a_manifest_that_differs_from_the_files(self):
        rule = check_lists.manifest_lists_all
        for changes, message in (
            ({"views/tiering/tier_views.xml": "<odoo/>"}, 'not in "data"'),
            ({"wizards/tiering_ask_views.xml": "<odoo/>"}, 'not in "data"'),
            ({"demo/dossier/account_demo.xml": "<odoo/>"}, 'not in "demo"'),
            ({"views/dossier/account_views.xml": None}, "which is not there"),
            (
                {
                    "__manifest__.py": MANIFEST.replace(
                        "]", ', "views/dossier/account_views.xml"]'
                    )
                },
                "twice",
            ),
        ):
            with self.subTest(message):
                self.assert_noticed(rule, changes, message)

    def test_a_requirement_that_does_not_exist(self):
        rule = check_lists.requirements_exist
        for number in ("000", "159", "999"):
            with self.subTest(number):
                text = f'"""Shows R{number}."""\n'
                self.assert_noticed(
                    rule, {"tests/dossier/test_account.py": text}, "is no requirement"
                )

    def test_a_picture_that_is_missing(self):
        page = {"static/description/index.html": '<img src="account.png"/>'}
        self.assert_noticed(
            check_lists.page_has_its_pictures, page, "account.png is not there"
        )
