"""Shows that a suite in several processes runs every test once and says what failed,
and that a bundle is compiled once.

The suites are small ones without Odoo; dev/test runs ours the same way.
"""

import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from .pytest_bundles import keep
from .pytest_workers import database_of

DEV = Path(__file__).resolve().parent
HEAD = """
import os
import pytest
import unittest

@pytest.fixture(scope="class", autouse=True)
def write(request, pytestconfig):
    with open(os.environ["NOTES"], "a") as notes:
        print(request.cls.__name__, pytestconfig.option.odoo_database, file=notes)

class HttpCase(unittest.TestCase):
    pass
"""
CLASS = """
class Test{name}({base}):
    def test_one(self):
        {body}

    def test_two(self):
        pass
"""


def suite(*classes):
    """Source of a test module of (name, base, body of the first test)."""
    keys = ("name", "base", "body")
    texts = [CLASS.format(**dict(zip(keys, row, strict=True))) for row in classes]
    return HEAD + "".join(texts)


PLAIN = "unittest.TestCase"
GOOD = {
    "test_plain.py": suite(*((f"Plain{n}", PLAIN, "pass") for n in range(4))),
    "test_web.py": suite(("Web", "HttpCase", "pass")),
    "test_tours_web.py": suite(("Tour", "HttpCase", "pass")),
}


class TestWorkers(unittest.TestCase):
    def run_suite(self, files):
        """Exit status, lines printed and what the classes noted of a suite."""
        with tempfile.TemporaryDirectory() as folder:
            for name, text in files.items():
                (Path(folder) / name).write_text(text, encoding="utf-8")
            notes = Path(folder) / "notes"
            plugins = ("xdist", "no:cacheprovider", "pytest_no_skips", "pytest_workers")
            done = subprocess.run(
                [sys.executable, "-m", "pytest", "-n2", "--dist=loadscope"]
                + ["--no-loadscope-reorder", "--max-worker-restart=0"]
                + [f"-p{name}" for name in plugins],
                cwd=folder,
                env={
                    **os.environ,
                    "PYTHONPATH": str(DEV),
                    "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
                    "KEY_ACCOUNT_TEST_DATABASES": "first second",
                    "NOTES": str(notes),
                },
                capture_output=True,
                text=True,
                check=False,
            )
            noted = notes.read_text(encoding="utf-8") if notes.exists() else ""
        return done.returncode, done.stdout.splitlines(), noted.splitlines()

    def test_every_test_runs_once(self):
        status, lines, noted = self.run_suite(GOOD)
        self.assertEqual(status, 0, lines)
        self.assertRegex(lines[-1], r"^=+ 12 passed in [0-9.]+s =+$")
        classes, databases = zip(*(note.split() for note in noted), strict=True)
        self.assertEqual(
            sorted(classes),
            ["TestPlain0", "TestPlain1", "TestPlain2", "TestPlain3"]
            + ["TestTour", "TestWeb"],
            "a class is set up once",
        )
        self.assertEqual(set(databases), {"first", "second"})
        self.assertEqual(set(classes[:2]), {"TestTour", "TestWeb"}, "they take longest")

    def test_what_is_not_green(self):
        for body, sentence in (
            ("self.skipTest('no browser')", "Not green: 1 skipped."),
            ("os._exit(0)", ""),  # xdist may tell of it in one way or another
        ):
            with self.subTest(body):
                bad = {**GOOD, "test_bad.py": suite(("Bad", PLAIN, body))}
                status, lines, _noted = self.run_suite(bad)
                self.assertNotEqual(status, 0, lines)
                self.assertIn(sentence, "\n".join(lines))

    def test_a_worker_without_a_database(self):
        os.environ["KEY_ACCOUNT_TEST_DATABASES"] = "only"
        self.addCleanup(os.environ.pop, "KEY_ACCOUNT_TEST_DATABASES")
        self.assertEqual(database_of("gw0"), "only")
        with self.assertRaisesRegex(Exception, "KEY_ACCOUNT_TEST_JOBS"):
            database_of("gw1")


class Bundle:
    """Like Odoo's: compiles what the database does not have, and saves it there."""

    database, compiled = {}, []

    def __init__(self, checksum):
        self.checksum = checksum
        self.css_errors = []

    def get_checksum(self, kind):
        return f"{kind} {self.checksum}"

    def is_css(self, extension):
        return extension == "min.css"

    def get_asset_url(self, unique, extension):
        return f"/web/assets/{unique}/x.{extension}"

    def get_attachments(self, extension, ignore_version=False):
        return self.database.get((extension, self.checksum))

    def save_attachment(self, extension, content):
        self.database[extension, self.checksum] = content
        return content

    def ask(self, extension):
        found = self.get_attachments(extension)
        if not found:
            self.compiled.append((extension, self.checksum))
            found = self.save_attachment(extension, f"{extension} of {self.checksum}")
        return found


class TestBundles(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        keep(Bundle)

    def setUp(self):
        super().setUp()
        Bundle.compiled.clear()
        Bundle.database.clear()

    def test_compiled_once(self):
        for _test in range(3):
            for checksum in ("old", "new"):
                for extension in ("min.js", "min.css"):
                    asked = Bundle(checksum).ask(extension)
                    self.assertEqual(asked, f"{extension} of {checksum}")
            Bundle.database.clear()  # the test is taken back
        self.assertEqual(len(Bundle.compiled), len(set(Bundle.compiled)))
        self.assertEqual(len(Bundle.compiled), 4)

    def test_a_page_with_errors_is_not_kept(self):
        broken = Bundle("broken")
        broken.css_errors.append("no such colour")
        for _test in range(2):
            broken.ask("min.css")
            Bundle.database.clear()
        self.assertEqual(Bundle.compiled.count(("min.css", "broken")), 2)


if __name__ == "__main__":
    unittest.main(verbosity=0)
