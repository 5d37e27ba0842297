"""Shows of each static check that it can fail, on the smallest bad example.

The rules of the house have theirs in tests/test_house.py.
"""

import ast
import tempfile
import unittest
from pathlib import Path

import polib

from .check_log import check_log
from .check_po import merge, po_problems, pot_problems
from .check_python import exported_by_mistake, old_idioms
from .check_text import check_lines
from .check_xml import check_file

GOOD_LOG = (
    "2026-01-05 08:00:00,001 7 INFO db odoo.modules.loading: "
    "loading key_account/views/x.xml\n"
    "2026-01-05 08:00:01,001 7 INFO db odoo.modules.loading: "
    "Module key_account loaded in 1s\n"
    "2026-01-05 08:00:01,001 7 INFO db odoo.modules.loading: Modules loaded.\n"
)


def catalogue(*texts, place="model:ir.model,name:key_account.x"):
    """A catalogue of (source, translation) pairs."""
    po = polib.POFile()
    for source, translation in texts:
        po.append(
            polib.POEntry(msgid=source, msgstr=translation, occurrences=[(place, "")])
        )
    return po


class TestXml(unittest.TestCase):
    def found(self, text, name="x_views.xml"):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / name
            path.write_text(text, encoding="utf-8")
            return [problem.message for problem in check_file(path, path.parent)]

    def test_good(self):
        self.assertFalse(self.found("<odoo>\n    <data><list/></data>\n</odoo>\n"))

    def test_does_not_parse(self):
        self.assertIn("does not parse", self.found("<odoo>\n")[0])

    def test_old_idioms(self):
        for bad in (
            "<tree/>",
            '<field attrs="{}"/>',
            '<button states="draft"/>',
            '<t t-raw="x"/>',
            '<t t-esc="x"/>',
            '<t t-name="kanban-box"/>',
            '<div class="oe_chatter"/>',
            '<field name="view_mode">tree,form</field>',
            '<field name="groups_id" eval="[]"/>',
            '<record model="ir.cron"><field name="numbercall">1</field></record>',
            '<record model="res.groups"><field name="category_id"/></record>',
            '<search><group expand="0"/></search>',
            '<field name="x" eval="[(6, 0, [])]"/>',
        ):
            with self.subTest(bad):
                self.assertTrue(self.found(f"<odoo>{bad}</odoo>\n"))

    def test_layout(self):
        for bad, message in (
            ("<odoo>\n  <list/>\n</odoo>\n", "indented by 2"),
            ("<odoo>\n    <list>\n        </list>\n</odoo>\n", "indented by 8"),
            ("<odoo>\n    <list/> \n</odoo>\n", "white space"),
            ("<odoo>\n\t<list/>\n</odoo>\n", "a tab"),
            ("<odoo/>", "one line break"),
            ("<odoo/>\n\n", "one line break"),
            ("<odoo>\n" + "\n" * 260 + "</odoo>\n", "lines, at most"),
        ):
            with self.subTest(bad[:40]):
                self.assertIn(message, " ".join(self.found(bad)))

    def test_record_ids(self):
        for model, field, good in (
            ("ir.ui.view", "model", "key_account_view_list"),
            ("ir.actions.act_window", "res_model", "key_account_action"),
        ):
            record = (
                f'<odoo><record id="%s" model="{model}">'
                f'<field name="{field}">key.account</field></record></odoo>\n'
            )
            self.assertIn("does not match", self.found(record % "wrong")[0])
            self.assertFalse(self.found(record % good))
            self.assertFalse(self.found(record % good.removeprefix("key_")))
        for bad in (
            '<record id="wrong" model="res.groups"/>',
            '<record id="wrong" model="res.groups.privilege"/>',
            '<record id="wrong" model="ir.rule">'
            '<field name="model_id" ref="model_key_account"/></record>',
            '<menuitem id="wrong"/>',
        ):
            with self.subTest(bad):
                self.assertTrue(self.found(f"<odoo>{bad}</odoo>\n"))


class TestPython(unittest.TestCase):
    def test_old_idioms(self):
        for bad in (
            "records.read_group([], [], [])",
            "_sql_constraints = []",
            "def name_get(self): pass",
            "from odoo.osv import expression",
            "import odoo.osv.expression",
            "from odoo import osv",
            "fields.Float(group_operator='sum')",
            "record.with_context(force_company=1)",
            "@http.route('/x', type='json')\ndef x(self): pass",
        ):
            with self.subTest(bad):
                self.assertTrue(list(old_idioms(ast.parse(bad))))

    def test_good(self):
        for good in (
            "records._read_group([], [], [])",
            "from odoo.fields import Domain",
            "from . import registry",
            "@http.route('/x', type='http')\ndef x(self): pass",
        ):
            with self.subTest(good):
                self.assertFalse(list(old_idioms(ast.parse(good))))

    def test_strings_exported_by_mistake(self):
        for source, count in (
            ("f(self.env._('Late'), [('late', '=', True)])", 1),
            ("f(domain=[('late', '=', True)], name=_('Late'))", 0),
            ("_('%(n)s late', n=self.name or self.env._('nobody'))", 0),
            ("_('%(n)s late', n=len(self.filtered('late')))", 0),
        ):
            with self.subTest(source):
                self.assertEqual(len(exported_by_mistake(source)), count)


class TestText(unittest.TestCase):
    def test_bad_lines(self):
        for bad in (
            "see /ro" + "ot/file",
            "cd /wo" + "rk/x",
            'open("/tm' + 'p/x")',
            "https://py" + "pi.org/simple",
            "URIs: http://deb.deb" + "ian.org/debian",
            "# TO" + "DO later",
            "# FIX" + "ME",
            "<" * 7 + " HEAD",
        ):
            with self.subTest(bad):
                self.assertTrue(check_lines("x", bad))

    def test_good_lines(self):
        for good in (
            "${TMPDIR:-/tm" + "p}/x",
            "https://example.org/ho" + "me/page",
            "models/wo" + "rk/x",
        ):
            with self.subTest(good):
                self.assertFalse(check_lines("x", good))

    def test_exception_holds_for_its_file_only(self):
        line = "dir=/tm" + "p/key_account"
        self.assertFalse(check_lines("dev/lib_db.sh", line))
        self.assertTrue(check_lines("dev/other.sh", line))


class TestTranslations(unittest.TestCase):
    def test_pot_out_of_date(self):
        fresh = catalogue(("Account", ""))
        self.assertFalse(list(pot_problems(fresh, fresh)))
        for kept in (
            catalogue(),
            catalogue(("Account", ""), ("Gone", "")),
            catalogue(("Account", ""), place="model:ir.model,name:key_account.y"),
        ):
            self.assertEqual(len(list(pot_problems(fresh, kept))), 1)

    def test_translation(self):
        for source, translation, message in (
            ("Account", "", "not translated"),
            ("Account", "Account", "no Chinese"),
            ("%(name)s is late", "迟到", "placeholders"),
            ("%s is late", "%d 迟到", "placeholders"),
            ("Dear {{ object.name }}", "尊敬的", "placeholders"),
            ("<b>Late</b> account", "客户迟到", "markup"),
        ):
            with self.subTest(translation):
                fresh = catalogue((source, ""))
                found = list(po_problems(fresh, catalogue((source, translation))))
                self.assertIn(message, found[0].message)
        for source, translation in (
            ("Account", "客户"),
            ("%s %%", "%s %%"),
            ("20 % discount", "优惠 20%"),
        ):
            fresh = catalogue((source, ""))
            po = catalogue((source, translation))
            self.assertFalse(list(po_problems(fresh, po)))

    def test_missing_gone_fuzzy_moved(self):
        fresh = catalogue(("Account", ""))
        fuzzy = catalogue(("Account", "客户"))
        fuzzy[0].flags.append("fuzzy")
        moved = catalogue(("Account", "客户"), place="code:addons/x.py")
        for po in (catalogue(), fuzzy, moved):
            self.assertEqual(len(list(po_problems(fresh, po))), 1)
        gone = catalogue(("Account", "客户"), ("Gone", "旧"))
        self.assertEqual(len(list(po_problems(fresh, gone))), 1)

    def test_merge_keeps_what_is_known(self):
        old = catalogue(("Account", "客户"), ("Gone", "旧"))
        merged = merge(catalogue(("Account", ""), ("New", "")), old)
        self.assertEqual(
            [(e.msgid, e.msgstr, bool(e.obsolete)) for e in merged],
            [("Account", "客户", False), ("New", "", False), ("Gone", "旧", True)],
        )
        self.assertEqual(merge(catalogue(("Gone", "")), merged)[0].msgstr, "旧")

    def test_merge_takes_the_words_of_odoo_for_labels_only(self):
        for place, expected in (
            ("model:ir.model.fields,x:y", "创建人"),
            ("code:x", ""),
        ):
            fresh = catalogue(("Created by", ""), place=place)
            merged = merge(fresh, catalogue(), {"Created by": "创建人"})
            self.assertEqual(merged[0].msgstr, expected)


class TestLog(unittest.TestCase):
    def test_good(self):
        self.assertFalse(check_log(GOOD_LOG, files=["views/x.xml"]))

    def test_a_file_was_not_loaded(self):
        self.assertEqual(len(check_log(GOOD_LOG, files=["demo/x.xml"])), 1)

    def test_nothing_installed(self):
        self.assertTrue(check_log("2026-01-05 08:00:00,001 7 INFO db odoo: hello\n"))

    def test_warnings(self):
        head = "2026-01-05 08:00:02,001 7 {} db {}: "
        for level, logger, message in (
            ("WARNING", "py.warnings", "x.py:1: DeprecationWarning: read_group"),
            ("WARNING", "odoo.modules.loading", "Module key_account demo data failed"),
            ("WARNING", "odoo.fields", "Field x.y: unknown parameter 'states'"),
            ("WARNING", "odoo.modules.loading", "The models x has no access rules"),
            ("WARNING", "odoo.registry", "inconsistent 'compute_sudo' for x"),
            ("WARNING", "odoo.models", "Two fields (a, b) have the same label: A"),
            ("WARNING", "odoo.registry", "The model x has no _description"),
            ("WARNING", "odoo.addons.base.ir_ui_view", "fa- icon must have a title"),
            ("ERROR", "odoo.sql_db", "bad query"),
            ("CRITICAL", "odoo.modules", "Failed"),
        ):
            with self.subTest(message):
                line = head.format(level, logger) + message
                self.assertEqual(len(check_log(f"{GOOD_LOG}{line}\n")), 1)


if __name__ == "__main__":
    unittest.main(verbosity=0)
