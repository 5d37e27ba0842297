import logging
import os
import tarfile
from base64 import b64encode
from collections import Counter
from pathlib import Path

from odoo.tests import tagged
from odoo.tools import html2plaintext, is_html_empty, mute_logger

from ...tools.letters import Letter
from .mail_case import BOX, MailCase, word

_logger = logging.getLogger(__name__)

MAILS = Path(__file__).parents[1] / "data" / "mails"
LOGS = (
    "odoo.addons.key_account.models.tickets.ticket_gateway",
    "odoo.addons.mail.models.mail_thread",
)
# What is not a ticket in the extract.
NO_TICKETS = {
    "msg_05.txt": "bounce",
    "msg_25.txt": "bounce",
    "report_422.eml": "bounce",
    "msg_32.txt": "bulk",
}
# Signs of GBK that gb2312 lacks, and of GB18030 that GBK lacks.
CHINESE = "展台搭建 镕喆堃 㐀䶮 — 报价"
TRADITIONAL = "展位裝潢報價 裏碁嘅"


@tagged("post_install", "-at_install")
class TestMailCorpora(MailCase):
    def _deliver(self, raw):
        """Sends a mail to the mailbox and takes it back again: what became of it, and
        the ticket's texts."""
        newline = b"\r\n" if b"\r\n" in raw[:200] else b"\n"
        first, gap, rest = raw.partition(newline)
        delivered = b"Delivered-To: " + BOX.encode() + newline
        if first.startswith(b"From "):
            raw = first + gap + delivered + rest
        else:
            raw = delivered + raw
        savepoint = self.env.cr.savepoint()
        try:
            with self.mock_mail_gateway():
                tickets, result = self._receive(raw), None
                refused = self._refusals()
                self._acknowledge()
                mails = self._mails
            result = self._result(raw, tickets, refused)
            return result, [self._content(ticket) for ticket in tickets], mails
        finally:
            savepoint.close(rollback=True)
            self.env.invalidate_all()

    def _result(self, raw, tickets, refused):
        if tickets:
            self.assertEqual(len(tickets), 1)
            self.assertFalse(refused)
            self.assertTrue(tickets.name and tickets.number)
            return "ticket"
        if refused:
            self.assertEqual(len(refused), 1)
            self.assertTrue(refused.mail)
            return refused.reason
        self.assertTrue(Letter(raw).is_report, "neither a bounce nor anything else")
        return "bounce"

    def _content(self, ticket):
        message = ticket.message_ids.filtered(lambda m: m.message_type == "email")
        return {
            "name": ticket.name,
            "text": html2plaintext(ticket.description or ""),
            "is_empty": is_html_empty(ticket.description),
            "files": {f.name: f.raw for f in message.attachment_ids},
            "sender": (ticket.contact_name, ticket.email_from),
        }

    def _check(self, name, raw):
        """No traceback, one result, and nothing of the mail is lost."""
        with mute_logger(*LOGS):
            result, contents, mails = self._deliver(raw)
        for content in contents:
            nothing = content["is_empty"] and not content["files"]
            self.assertFalse(nothing and Letter(raw).has_body, f"{name} is empty")
            self.assertNotIn("\0", content["name"] + content["text"])
        self.assertLessEqual(len(mails), 1)
        return result

    # --- Those of others ---

    def test_extract(self):
        """Issue 4: the nastiest mails of two collections: one ticket, a clean refusal
        or an ignored bounce each."""
        paths = sorted([*MAILS.glob("*.eml"), *MAILS.glob("msg_*.txt")])
        self.assertEqual(len(paths), 27)
        for path in paths:
            with self.subTest(path.name):
                result = self._check(path.name, path.read_bytes())
                self.assertEqual(result, NO_TICKETS.get(path.name, "ticket"))

    def test_whole_collections(self):
        """All of them, where the collections lie (KEY_ACCOUNT_DATA/mail_corpora)."""
        folder = Path(os.environ.get("KEY_ACCOUNT_DATA", "")) / "mail_corpora"
        results = Counter()
        for archive in sorted(folder.glob("*.tar.xz")):
            with tarfile.open(archive) as content:
                for member in content.getmembers():
                    name = Path(member.name).name
                    is_mail = name.endswith(".eml") or name.startswith(("msg_", "sam"))
                    if member.isfile() and is_mail:
                        raw = content.extractfile(member).read()
                        with self.subTest(member.name):
                            results[self._check(member.name, raw)] += 1
        if results:
            _logger.info("%s mails: %s", sum(results.values()), dict(results))
            self.assertLessEqual(set(results), {"ticket", "bounce", "auto", "bulk"})

    # --- Our own ---

    def _chinese(self, body, charset, encoding="8bit", **headers):
        """A mail whose body is in one charset and says so in ``charset``."""
        lines = {
            "From": "lin@aurora.example.com",
            "To": BOX,
            "Subject": "Stand",
            "MIME-Version": "1.0",
            "Content-Type": f"text/plain; charset={charset}",
            "Content-Transfer-Encoding": encoding,
            **headers,
        }
        head = b"".join(
            f"{name}: ".encode()
            + (value if isinstance(value, bytes) else value.encode())
            + b"\r\n"
            for name, value in lines.items()
        )
        return head + b"\r\n" + body

    def _read(self, raw):
        """What the ticket says that is made of a mail."""
        with mute_logger(*LOGS):
            result, contents, _mails = self._deliver(raw)
        self.assertEqual(result, "ticket")
        return contents[0]

    def test_chinese_bodies(self):
        """Issue 4: GBK, GB18030 and Big5, as they say and as they are: gb2312 stands
        for all of what mainland programs write, big5 for Hong Kong's as well."""
        plain = "展台搭建报价"
        cases = [
            (plain, "gb2312", "gb2312"),
            ("展台 镕喆堃", "gbk", "gbk"),
            (CHINESE, "gb18030", "gb18030"),
            (CHINESE, "gb18030", "gb2312"),
            (CHINESE, "gb18030", "GBK"),
            (CHINESE, "gb18030", "x-unknown"),
            (CHINESE, "gb18030", "us-ascii"),
            (CHINESE, "utf-8", "gb2312"),
            ("展位裝潢報價", "big5", "big5"),
            (TRADITIONAL, "big5hkscs", "big5"),
            ("展示会 ①㈱", "cp932", "shift_jis"),
        ]
        for text, charset, claimed in cases:
            data = text.encode(charset)
            for encoding in ("8bit", "base64"):
                body = b64encode(data) if encoding == "base64" else data
                with self.subTest(charset=charset, claimed=claimed, encoding=encoding):
                    content = self._read(self._chinese(body, claimed, encoding))
                    self.assertEqual(content["text"].strip(), text)

    def test_chinese_without_a_charset(self):
        """A body that says nothing is read by what it looks like, and HTML by what it
        says of itself."""
        raw = self._chinese(CHINESE.encode("gb18030"), "")
        raw = raw.replace(b"; charset=", b"")
        self.assertEqual(self._read(raw)["text"].strip(), CHINESE)
        html = f'<html><head><meta charset="big5"></head><p>{TRADITIONAL}</p></html>'
        raw = self._chinese(html.encode("big5hkscs"), "")
        raw = raw.replace(b"text/plain; charset=", b"text/html")
        self.assertEqual(self._read(raw)["text"].strip(), TRADITIONAL)

    def test_chinese_subjects(self):
        """Encoded words in the wrong charset, cut in the middle of a character, and
        bytes that are not encoded at all."""
        data = CHINESE.encode("gb18030")
        halves = [
            f"=?GB2312?B?{b64encode(part).decode()}?=" for part in (data[:9], data[9:])
        ]
        quoted = "".join(f"={byte:02X}" for byte in data)
        cases = {
            "claimed gb2312": (word(CHINESE, "gb18030", "gb2312"), CHINESE),
            "claimed gbk": (word(CHINESE, "gb18030", "gbk"), CHINESE),
            "gb18030": (word(CHINESE, "gb18030"), CHINESE),
            "cut": ("\r\n ".join(halves), CHINESE),
            "quoted": (f"=?gb2312?Q?{quoted}?=", CHINESE),
            "big5": (word(TRADITIONAL, "big5hkscs", "big5"), TRADITIONAL),
            "raw GBK": (data, CHINESE),
            "raw Big5": ("展位裝潢報價".encode("big5"), "展位裝潢報價"),
            "raw UTF-8": (CHINESE.encode(), CHINESE),
        }
        for case, (subject, expected) in cases.items():
            claimed = "big5" if "Big5" in case else "gb2312"
            with self.subTest(case):
                raw = self._chinese(b"x", claimed, Subject=subject)
                self.assertEqual(self._read(raw)["name"], expected)

    def test_chinese_senders(self):
        """A sender's name, with a comma in it, and raw."""
        for sender in (word("林小姐, 展览部", "gbk", "gb2312"), "林小姐".encode("gbk")):
            address = b" <lin2@aurora.example.com>"
            value = sender if isinstance(sender, bytes) else sender.encode()
            with self.subTest(sender):
                raw = self._chinese(b"x", "gb2312", From=value + address)
                name, address = self._read(raw)["sender"]
                self.assertIn("林小姐", name)
                self.assertEqual(address, "lin2@aurora.example.com")

    def test_chinese_files(self):
        """Names of files in every manner, and files of text byte by byte."""
        table = "展台,㎡\n镕记,36\n".encode("gbk")
        name = "报价镕.csv"
        raw_name = b'attachment; filename="' + name.encode("gbk") + b'"'
        percent = "".join(f"%{byte:02X}" for byte in name.encode("gbk"))
        dispositions = {
            "word": f'attachment; filename="{word(name, "gbk", "gb2312")}"'.encode(),
            "raw": raw_name,
            "extended": f"attachment; filename*=gb2312''{percent}".encode(),
        }
        for case, disposition in dispositions.items():
            for kind in (
                b"text/csv",
                b"text/csv; charset=gb2312",
                b"application/x-csv",
            ):
                body = b"\r\n".join(
                    [
                        b"--B",
                        b"Content-Type: text/plain; charset=gb2312",
                        b"",
                        "见附件".encode("gbk"),
                        b"--B",
                        b"Content-Type: " + kind,
                        b"Content-Disposition: " + disposition,
                        b"Content-Transfer-Encoding: base64",
                        b"",
                        b64encode(table),
                        b"--B--",
                    ]
                )
                raw = self._chinese(
                    body, "", **{"Content-Type": 'multipart/mixed; boundary="B"'}
                )
                with self.subTest(case=case, kind=kind):
                    content = self._read(raw)
                    self.assertEqual(content["files"], {name: table})
                    self.assertEqual(content["text"].strip(), "见附件")

    def test_broken_in_other_ways(self):
        """What no collection has: zero bytes, endless headers, nothing but a body,
        parts without end, halves of characters."""
        nested = b"text"
        for depth in range(60):
            line = b"--B%d" % depth
            head = b'Content-Type: multipart/mixed; boundary="%s"' % line[2:]
            nested = b"\r\n".join([head, b"", line, nested, line + b"--"])
        cases = {
            "zero bytes": self._chinese(b"a\0b", "utf-8", Subject=b"x\0y"),
            "huge subject": self._chinese(b"x", "utf-8", Subject="word " * 40_000),
            "huge id": self._chinese(
                b"x", "utf-8", **{"Message-Id": f"<{'x' * 9000}>"}
            ),
            "huge sender": self._chinese(
                b"x", "utf-8", From="w" * 9000 + "@example.org"
            ),
            "many references": self._chinese(
                b"x", "utf-8", References=" ".join(f"<{n}@x.org>" for n in range(2000))
            ),
            "no headers": b"\r\nNothing but words",
            "nothing": b"",
            "no body": self._chinese(b"", "utf-8"),
            "bytes of no charset": self._chinese(bytes(range(128, 256)), "utf-8"),
            "nested": b"From: a@example.org\r\n" + nested,
            "no From": self._chinese(b"x", "utf-8", From=b""),
            "broken copies": self._chinese(b"x", "utf-8", Cc="@, <>, a@b, Lin <"),
            "year 1": self._chinese(
                b"x", "utf-8", Date="Mon, 1 Jan 0001 00:00:00 +0000"
            ),
            "year 9999": self._chinese(b"x", "utf-8", Date="1 Jan 9999 00:00 +0000"),
            "no charset codec": self._chinese(b"x", "base64"),
            "unknown encoding": self._chinese(b"x", "utf-8", "x-nonsense"),
            "partial": self._chinese(
                b"x", "", **{"Content-Type": 'message/partial; id="1"; number=1'}
            ),
            "external": self._chinese(
                b"x", "", **{"Content-Type": "message/external-body; access-type=ftp"}
            ),
            "text as parts": self._chinese(b"x", "", **{"Content-Type": "multipart/x"}),
        }
        for name, raw in cases.items():
            with self.subTest(name):
                self.assertEqual(self._check(name, raw), "ticket")
