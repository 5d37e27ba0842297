"""Mails as they arrive, read without a database: laws over any bytes, and cases."""

from base64 import b64encode
from email import message_from_bytes, policy

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..tools.charsets import clean, codec_of, decode, is_exact, looks_chinese
from ..tools.intake import FORCED, FORCED_KEY, Intake
from ..tools.letter_mending import encoded_word, header_text, mend, mend_header
from ..tools.letters import KEY_LENGTH, Letter, subject_key

calm = settings(deadline=None, database=None)
CHARSETS = ["utf-8", "gb2312", "gbk", "gb18030", "big5", "shift_jis", "euc-kr"]
NAMES = st.sampled_from([*CHARSETS, "latin-1", "x-unknown", "base64", "", None, "\0"])
CHINESE = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=2)


def mended(raw):
    """A mail as Odoo parses it, mended."""
    letter = Letter(raw)
    message = message_from_bytes(letter.source, policy=policy.SMTP)
    mend(message, letter.hints)
    return message


@tagged("post_install", "-at_install")
class TestCharsets(BaseCase):
    @calm
    @given(st.binary(), NAMES, st.lists(NAMES, max_size=2))
    def test_no_bytes_fail(self, data, name, hints):
        """Whatever is sent in whatever charset, there is a text."""
        self.assertIsInstance(decode(data, name, hints), str)
        self.assertIsInstance(is_exact(data, name), bool)

    @calm
    @given(st.text(), st.sampled_from(["utf-8", "utf-16", "gb18030"]))
    def test_what_is_said_is_read(self, text, charset):
        """A text that is in the charset it says comes out as it went in."""
        text = text.encode("utf-8", "ignore").decode()
        self.assertEqual(decode(text.encode(charset), charset), text)

    @calm
    @given(CHINESE, st.sampled_from(["gb2312", "GBK", "x-gbk", "gb_2312-80", "cn-gb"]))
    def test_all_of_gb18030_under_any_of_its_names(self, text, name):
        """gb2312 stands for everything that mainland programs write."""
        self.assertEqual(decode(text.encode("gb18030"), name), text)
        self.assertFalse(is_exact(text.encode("gb18030"), name))

    @calm
    @given(st.text())
    def test_clean_text_is_taken_by_any_database(self, text):
        """Neither zero bytes nor halves of characters are left, and cleaning twice
        changes nothing."""
        cleaned = clean(text)
        cleaned.encode("utf-8")
        self.assertNotIn("\0", cleaned)
        self.assertEqual(clean(cleaned), cleaned)

    def test_european_words_are_not_taken_for_chinese(self):
        """Accents stand alone, Chinese characters are two bytes."""
        for text in ("Café", "Ménage à trois", "für Übersetzer", "señor", "Łódź"):
            data = text.encode("cp1252", "ignore")
            self.assertFalse(looks_chinese(data), text)
            self.assertEqual(decode(data), data.decode("cp1252"))
        self.assertTrue(looks_chinese("关于展台报价".encode("gbk")))

    def test_names_of_charsets(self):
        """Names that Python does not know, and codecs that are no charsets."""
        self.assertEqual(codec_of("X-GBK"), "gbk")
        self.assertEqual(codec_of('"GB2312"'), "gb2312")
        for name in ("base64", "rot13", "idna", "unicode_escape", "nonsense", None):
            self.assertIsNone(codec_of(name), name)

    def test_dashes(self):
        """What mainland programs mean by a dash."""
        self.assertEqual(decode(b"\xa1\xaa", "gb2312"), "\N{EM DASH}")

    def test_declared_latin_with_signs_of_windows(self):
        """What calls itself Latin-1 and holds curly quotes is Windows'."""
        self.assertEqual(decode(b"\x93ok\x94", "iso-8859-1"), "“ok”")
        self.assertFalse(is_exact(b"\x93", "iso-8859-1"))
        self.assertTrue(is_exact(b"\xe9", "iso-8859-1"))


@tagged("post_install", "-at_install")
class TestLetters(BaseCase):
    @calm
    @given(st.binary(max_size=400))
    def test_any_bytes_are_a_letter(self, raw):
        """Whatever arrives has an id, a subject and a readable copy."""
        letter = Letter(raw)
        self.assertTrue(letter.message_id)
        self.assertIsInstance(letter.get("subject"), str)
        self.assertIn(letter.machine_reason, (None, "auto", "bulk", "vacation"))
        copy = message_from_bytes(letter.plain_copy().as_bytes(), policy=policy.SMTP)
        (file,) = copy.iter_attachments()
        self.assertEqual(file.get_content(), raw)

    @calm
    @given(st.binary(max_size=200), NAMES, st.sampled_from(["8bit", "base64", "x"]))
    def test_mending_fails_for_nothing(self, body, charset, encoding):
        """A text part in any charset can be read once it is mended."""
        head = f"Content-Type: text/plain; charset={charset}\r\n".encode()
        head += f"Content-Transfer-Encoding: {encoding}\r\n\r\n".encode()
        self.assertIsInstance(mended(head + body).get_content(), str)

    @calm
    @given(st.text(min_size=1), st.sampled_from(CHARSETS))
    def test_right_words_stay_as_they_are(self, text, charset):
        """A header that says what it is in is read so, and left alone unless it says
        gb2312."""
        data = text.encode(charset, "ignore")
        value = f"=?{charset}?B?{b64encode(data).decode()}?="
        expected = clean(decode(data, charset))
        self.assertEqual(header_text(value), expected)
        if not charset.startswith("gb"):
            self.assertEqual(mend_header(value), value)

    @calm
    @given(CHINESE, st.integers(0, 40))
    def test_words_cut_in_the_middle_of_a_character(self, text, at):
        """Neighbouring words are one text, wherever they were cut."""
        data = text.encode("gbk")
        parts = [part for part in (data[:at], data[at:]) if part]
        words = [f"=?gb2312?B?{b64encode(part).decode()}?=" for part in parts]
        self.assertEqual(header_text("\r\n ".join(words)), text)
        self.assertEqual(
            mended(b"Subject: " + " ".join(words).encode())["subject"], text
        )

    @calm
    @given(st.text())
    def test_encoded_words_of_our_own(self, text):
        """Any text goes into a header and comes out."""
        text = clean(text).replace("\r", "").replace("\n", "")
        if "=?" not in text:
            self.assertEqual(header_text(encoded_word(text)), text)

    @calm
    @given(
        st.text(),
        st.sampled_from(["Re: ", "RE:", "Fwd: ", "回复：", "转发: ", "AW[3]: "]),
    )
    def test_subjects_are_compared_without_prefixes(self, subject, prefix):
        """Answering and forwarding change no key, which is its own key and short."""
        key = subject_key(subject)
        self.assertEqual(subject_key(prefix + subject), key)
        self.assertEqual(subject_key(key), key)
        self.assertLessEqual(len(key), KEY_LENGTH)

    def test_who_writes(self):
        """Marks of programs, and what looks like one and is none."""
        cases = {
            "Auto-Submitted: auto-replied": "auto",
            "auto-submitted: AUTO-GENERATED; owner": "auto",
            "Auto-Submitted: no": None,
            "Auto-Submitted: no (a person)": None,
            "X-Auto-Response-Suppress: All": "auto",
            "X-Auto-Response-Suppress: None": None,
            "Precedence: BULK": "bulk",
            "Precedence: list": None,
            "Return-Path: <>": "auto",
            "Return-Path: <a@b.org>": None,
            "Subject: Out of Office: offer": "vacation",
            "Subject: 自动回复：您好": "vacation",
            "Subject: Auto show 2026": None,
            "Subject: Out of office chairs": None,
            "Subject: Re: Automatic reply does not work": None,
        }
        for header, reason in cases.items():
            letter = Letter(f"{header}\n\nx".encode())
            self.assertEqual(letter.machine_reason, reason, header)

    def test_addresses(self):
        """Addresses in small letters, once each, whatever stands around them."""
        letter = Letter(
            b'To: "Lin, Ms" <LIN@Aurora.example.com>, x (note), lin@aurora.example.com'
            b"\nCc: =?utf-8?q?Service?= <service@fairs.example.com>;\n\n"
        )
        self.assertEqual(
            letter.addresses("to", "cc"),
            ["lin@aurora.example.com", "service@fairs.example.com"],
        )

    def test_letters_without_an_id(self):
        """The same mail is known again, another is not."""
        one, other = Letter(b"Subject: a\n\nx"), Letter(b"Subject: a\n\ny")
        self.assertEqual(one.message_id, Letter(b"Subject: a\n\nx").message_id)
        self.assertNotEqual(one.message_id, other.message_id)

    def test_headers_of_a_parsed_mail(self):
        """What is parsed already says the same."""
        message = message_from_bytes(
            b"Subject: a\r\n b\r\nAuto-Submitted: auto-replied\r\n\r\nx",
            policy=policy.SMTP,
        )
        self.assertEqual(Letter.of(message).get("subject"), "a b")
        self.assertEqual(Letter.of(message).machine_reason, "auto")

    def test_an_intake_speaks_for_its_letter(self):
        """Own addresses go before other reasons, and lists get no answer."""
        letter = Letter(b"From: a@b.org\nPrecedence: bulk\n\n")
        intake = Intake(letter, "a@b.org", None, {"a@b.org"}, {"a@b.org"})
        self.assertEqual(intake.reason_against, "own")
        intake.own = set()
        self.assertEqual(intake.reason_against, "bulk")
        quiet = Intake(Letter(b"List-Id: <x>\n\n"), "", None, set(), set())
        self.assertIsNone(quiet.reason_against)
        self.assertTrue(quiet.is_quiet)
        self.assertIsNot(FORCED, FORCED_KEY)
