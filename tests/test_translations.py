import ast
import re
from pathlib import Path

import polib
from lxml import etree

from odoo.tests import BaseCase, tagged

from ..dev.check_po import bare, entry_problems, references
from .common import KeyAccountCase

ROOT = Path(__file__).parents[1]
CHINESE = re.compile(r"[\u4e00-\u9fff]")
# A term of doc/glossary.md, and what every translation of a text with it contains.
TERMS = {
    "key account": "大客户",
    "tier": "级",
    "scheme": "方案",
    "weight": "权重",
    "score": "分",
    "evaluation": "评定",
    "verdict": "评定结果",
    "committee": "委员会",
    "motion": "提案",
    "override": "人工定级",
    "appeal": "申诉",
    "judgement": "人工评价",
    "prospect": "潜在客户",
    "owner": "负责人",
}
# Labels that are the same in every language.
SAME = {"ID"}


def python_texts(path):
    """The constants that a Python file gives to `_`."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and node.args:
            called = getattr(node.func, "attr", getattr(node.func, "id", None))
            first = node.args[0]
            if called == "_" and isinstance(first, ast.Constant):
                yield first.value


def javascript_texts(path):
    """The texts that a JavaScript file gives to `_t`."""
    source = path.read_text(encoding="utf-8")
    return re.findall(r'\b_t\(\s*"([^"]*)"', source)


class TestTranslationFiles(BaseCase):
    """The template and the Chinese texts as they lie in i18n/."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pot = polib.pofile(str(ROOT / "i18n/key_account.pot"))
        cls.po = polib.pofile(str(ROOT / "i18n/zh_CN.po"))
        cls.live = [entry for entry in cls.po if not entry.obsolete]

    def test_every_text_is_translated(self):
        """None is missing, empty, fuzzy, or has other placeholders or markup."""
        translated = {entry.msgid: entry for entry in self.live}
        self.assertEqual({entry.msgid for entry in self.pot}, set(translated))
        problems = [
            f"{problem}: {source.msgid}"
            for source in self.pot
            for problem in entry_problems(source, translated[source.msgid])
        ]
        self.assertFalse(problems)

    def test_every_text_of_code_is_in_the_template(self):
        """A text that the export overlooks would stay English for everybody."""
        texts = set()
        for area in ("models", "wizards", "controllers", "reports"):
            for path in (ROOT / area).rglob("*.py"):
                texts.update(python_texts(path))
        for path in (ROOT / "static/src").rglob("*.js"):
            texts.update(javascript_texts(path))
        self.assertFalse(texts - {entry.msgid for entry in self.pot})

    def test_core_terms_are_translated_alike(self):
        """A term of the glossary has the same Chinese word wherever it stands."""
        for term, chinese in TERMS.items():
            word = re.compile(rf"\b{term}s?\b", re.IGNORECASE)
            others = [
                f"{entry.msgid} => {entry.msgstr}"
                for entry in self.live
                if word.search(bare(entry.msgid)) and chinese not in entry.msgstr
            ]
            self.assertFalse(others, f"{term}: {chinese}")

    def test_core_terms_are_in_the_glossary(self):
        """Whoever translates the next text finds the word there."""
        lines = (ROOT / "doc/glossary.md").read_text(encoding="utf-8").splitlines()
        rows = [line.split("|") for line in lines if line.startswith("|")]
        glossary = {row[1].strip(): row[2].strip() for row in rows}
        for term, chinese in TERMS.items():
            self.assertIn(chinese, glossary.get(term, ""), term)

    def test_full_stops_are_chinese(self):
        """A translated sentence does not end with a Latin full stop."""
        self.assertFalse(
            [
                entry.msgstr
                for entry in self.live
                if re.search(r"[\u4e00-\u9fff]\.$", entry.msgstr)
                and any("key_account" in place for place in references(entry))
            ]
        )


@tagged("post_install", "-at_install")
class TestChinese(KeyAccountCase):
    """What a user with the language zh_CN sees."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("zh_CN")
        cls.env["ir.module.module"].search(
            [("name", "=", "key_account")]
        )._update_translations(["zh_CN"])
        cls.chinese = cls.env(context={**cls.env.context, "lang": "zh_CN"})

    def _our_models(self):
        return [
            self.chinese[name]
            for name in sorted(self.env.registry)
            if name.startswith("key.account")
            and not self.env[name]._abstract
            and self.env[name]._module == "key_account"
        ]

    def test_fields_have_chinese_labels(self):
        """Each field and each choice of our models, wherever the label comes from."""
        english = []
        for model in self._our_models():
            for name, shown in model.fields_get().items():
                if not model._fields[name].export_string_translation:
                    continue  # a technical field, which nobody sees
                labels = [shown["string"]]
                # the choices of activities and ratings are Odoo's
                if not name.startswith(("activity_", "rating_")):
                    labels += dict(shown.get("selection", ())).values()
                english += [
                    f"{model._name}.{name}: {label}"
                    for label in labels
                    if label not in SAME
                    and not CHINESE.search(label)
                    and not label.isdigit()
                ]
        self.assertFalse(english)

    def test_account_form_is_chinese(self):
        """Buttons, pages and sentences; the pieces of a sentence fit together."""
        view = self.chinese["key.account"].get_view(
            self.env.ref("key_account.account_view_form").id, "form"
        )
        form = etree.fromstring(view["arch"])
        self.assertEqual(
            form.xpath("//page[@name='reasons']/@string"), ["等级评定说明"]
        )
        self.assertEqual(form.xpath("//button[@name='action_close']/@string"), ["关闭"])
        alerts = [" ".join(node.itertext()) for node in form.xpath("//div[@role]")]
        self.assertTrue(any("人工定级" in text for text in alerts))
        for attribute in ("string", "title", "placeholder", "confirm"):
            texts = [
                text
                for text in form.xpath(f"//*[@{attribute}]/@{attribute}")
                if re.search(r"[a-z]{4}", text)
            ]
            self.assertFalse(texts, attribute)

    def test_printed_sheet_is_chinese(self):
        """A customer's sheet says why in Chinese when the reader is Chinese."""
        account = self._create_account("Huamei Trade Fairs")
        content, _kind = self.chinese["ir.actions.report"]._render_qweb_html(
            "key_account.report_reasons", account.ids
        )
        text = content.decode()
        self.assertIn("客户等级：", text)
        self.assertIn("尚未对该客户应用过等级评定。", text)
        self.assertNotIn("Owner", text)

    def test_errors_are_chinese(self):
        """An error comes in the language of whoever made it."""
        account = self._create_account("Huamei Trade Fairs").with_env(self.chinese)
        with self.assertRaisesRegex(Exception, "客户档案不可删除"):
            account.unlink()
