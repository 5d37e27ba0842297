"""The keys by which companies are compared: laws, spellings, and real names."""

import csv
from collections import defaultdict
from itertools import permutations
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..tools import company_words as words
from ..tools.company_names import (
    mail_domain,
    name_core,
    name_key,
    name_latin,
    phone_key,
    tax_key,
)

EXTRACT = Path(__file__).parent / "data" / "exhibitors_extract.csv"
PIECES = (
    *words.CHINESE_FORMS,
    *words.REGIONS[:40],
    *words.GENERIC_WORDS,
    *words.KINDS[:40],
    *("分公司", "集团", "（", "）", "(", ")", " ", ".", "&", "and", "云", "龍", "ａ"),
    *("Co.", "Ltd", "AB", "S.p.A.", "Hong Kong", "Beijing", "Holdings", "Zeiss"),
)
NAMES = st.lists(st.sampled_from(PIECES), max_size=8).map("".join)


def exhibitors():
    """Names of the real exhibitors in the extract."""
    with EXTRACT.open(encoding="utf-8", newline="") as file:
        return [row["name"] for row in csv.DictReader(file)]


def full_width(text):
    """As somebody types it whose keyboard is set to full-width letters."""
    return "".join(
        chr(ord(letter) + 0xFEE0) if "!" <= letter <= "~" else letter for letter in text
    )


@tagged("post_install", "-at_install")
class TestCompanyNames(BaseCase):
    def same(self, *spellings):
        self.assertEqual(len({name_key(text) for text in spellings}), 1, spellings)

    def different(self, *names):
        keys = {name_key(name) for name in names}
        self.assertEqual(len(keys), len(names), keys)

    # --- Laws ---

    @settings(max_examples=300, deadline=None)
    @given(st.text() | NAMES)
    def test_a_key_is_its_own_key(self, text):
        """What is normalised stays as it is, whatever was written."""
        for function in (name_key, name_core, phone_key, tax_key):
            key = function(text)
            self.assertEqual(function(key), key, (function.__name__, text))

    @settings(max_examples=300, deadline=None)
    @given(NAMES)
    def test_width_case_and_edges_do_not_matter(self, text):
        for function in (name_key, name_core):
            key = function(text)
            self.assertEqual(function(full_width(text)), key)
            self.assertEqual(function(text.upper()), function(text.lower()))
            self.assertEqual(function(f"\u3000 {text} \n"), key)

    @settings(max_examples=100, deadline=None)
    @given(st.sampled_from(words.CHINESE_FORMS), st.sampled_from(["云海", "Zeiss"]))
    def test_the_legal_form_does_not_matter(self, form, name):
        self.assertEqual(name_key(name + form), name_key(name))

    def test_the_order_of_legal_forms_does_not_matter(self):
        for forms in permutations(("Co.", "Ltd.", "Inc")):
            self.assertEqual(name_key(" ".join(("Zeiss", *forms))), "zeiss")

    # --- Spellings ---

    def test_spellings_of_one_company(self):
        self.same(
            "迈康数智科技（香港）有限公司",
            "邁康數智科技(香港)有限公司",
            " 迈康数智科技 香港",
            "邁康數智科技（香港）股份有限公司",
            "迈康数智科技（香港） 有限 公司",
        )
        self.same(
            "ABB（中国）有限公司", "ＡＢＢ(中国)有限公司", "abb中国", "A.B.B. 中国"
        )
        self.same("\U0001d54aun Ltd", "Sun")
        self.same("Chance Art & Technology Pte. Ltd.", "CHANCE ART AND TECHNOLOGY")
        self.same("Bella Cucina S.p.A.", "Bella Cucina S. p. A.", "bella cucina SpA")
        self.same("Siemens Ltd., China", "Siemens (China) Ltd", "SIEMENS CHINA")
        self.same("L’Oréal", "L'Oreal S.A.", "LOREAL")
        self.same("Nordlicht Antriebe GmbH & Co. KG", "Nordlicht Antriebe GmbH")

    def test_two_companies_stay_two(self):
        """A group, its listed company, a branch and a namesake elsewhere are similar,
        not equal."""
        self.different("中国电信集团有限公司", "中国电信股份有限公司")
        self.different("上海云海科技有限公司", "北京云海科技有限公司")
        self.different("云海科技有限公司", "云海科技有限公司北京分公司")
        self.different("CSC Ltd", "CSC Holdings Ltd")
        for pair in (
            ("中国电信集团有限公司", "中国电信股份有限公司"),
            ("上海云海科技有限公司", "云海信息技术（北京）有限公司"),
            ("云海科技有限公司", "云海科技有限公司北京分公司"),
            ("锐锋机器人 Ruifeng Robotics", "锐锋机器人股份有限公司"),
            ("腾讯", "腾讯科技（深圳）有限公司"),
            ("Messe Frankfurt (Shanghai) Co., Ltd.", "Messe Frankfurt GmbH"),
        ):
            with self.subTest(pair):
                self.assertTrue(name_core(pair[0]))
                self.assertEqual(name_core(pair[0]), name_core(pair[1]))

    def test_general_words_alone_recognise_nobody(self):
        """Bank of Beijing and Bank of Shanghai are not alike because both are banks."""
        for name in (
            "北京银行",
            "上海大学",
            "科技有限公司",
            "Bank of China",
            "北京",
            "",
        ):
            self.assertEqual(name_core(name), "", name)

    def test_a_name_is_never_stripped_to_nothing(self):
        for name in ("有限公司", "Limited", "株式会社", "Co"):
            self.assertTrue(name_key(name))
        for name in ("", None, "★", " - "):
            self.assertEqual(name_key(name), "")

    # --- Numbers and addresses ---

    def test_phone(self):
        for text in (
            "+86 21 5550 1234",
            "021-55501234",
            "(021) 5550 1234 转 801",
            "021-55501234-801",
            "0086 21 5550-1234",
            "０２１－５５５０１２３４",
        ):
            self.assertEqual(phone_key(text), "2155501234", text)
        self.assertEqual(phone_key("+86 139 1234 5678"), phone_key("139-1234-5678"))
        self.assertNotEqual(phone_key("+49 30 123456"), phone_key("030 123457"))
        for text in ("12345", "", None, "n/a"):
            self.assertEqual(phone_key(text), "")

    def test_tax_number(self):
        self.assertEqual(tax_key("cn 91310000-MA1FL0000X"), "91310000MA1FL0000X")
        self.assertEqual(tax_key("DE 123 456 789"), "DE123456789")
        for text in ("/", "无", "", None):
            self.assertEqual(tax_key(text), "")

    def test_mail_domain(self):
        self.assertEqual(mail_domain("Ann <ann@Zeiss.DE>"), "zeiss.de")
        for text in (
            "a@qq.com",
            "A@GMAIL.com",
            "a@163.com",
            "zeiss.de",
            "a@b",
            "",
            None,
        ):
            self.assertEqual(mail_domain(text), "", text)

    # --- Real names ---

    def test_real_exhibitors(self):
        """Of the exhibitors of a real fair, each is found by its other spellings and
        none is taken for another one, but for the one that is listed twice."""
        names = exhibitors()
        self.assertGreater(len(names), 50)
        by_key = defaultdict(set)
        for name in names:
            by_key[name_key(name)].add(name)
            for spelling in (
                full_width(name),
                name.upper(),
                f"  {name} ",
                f"「{name}」",
            ):
                self.same(name, spelling)
        equal = [group for group in by_key.values() if len(group) > 1]
        self.assertEqual(equal, [{"Oxtak", "Oxtak Limited"}])

    def test_a_chinese_legal_form_is_no_name(self):
        """ABB 有限公司 and KUKA 有限公司 share nothing but their legal form."""
        for name, core in (
            ("ABB（中国）有限公司", "abb"),
            ("ABB 有限公司", "abb"),
            ("KUKA（上海）有限公司", "kuka"),
        ):
            with self.subTest(name):
                self.assertEqual(name_core(name), core)

    def test_the_other_half_of_a_bilingual_name(self):
        for name, latin in (
            ("天工机床 Tiangong Machine Tools", "tiangongmachinetools"),
            ("锐锋机器人 / Ruifeng Robotics Co., Ltd.", "ruifengrobotics"),
            ("天工机床", ""),
            ("Tiangong Machine Tools", ""),
        ):
            with self.subTest(name):
                self.assertEqual(name_latin(name), latin)
