from odoo.tests import HttpCase, no_retry, tagged

SUITE = "@key_account"


def hoot_id(name):
    """The id that the test runner in the browser gives to a suite."""
    result = 0
    for char in name:
        result = ((result << 5) - result + ord(char)) & 0xFFFFFFFF
    return f"{result:08x}"


def is_real_error(message):
    """The runner reports failures itself and goes on; anything else ends the test."""
    return "[HOOT]" not in message


@tagged("post_install", "-at_install")
class TestJs(HttpCase):
    """One class for both sizes: the scripts are compiled once for a class at most."""

    def _run_suite(self, options):
        self.browser_js(
            f"/web/tests?headless&loglevel=2&timeout=15000&id={hoot_id(SUITE)}{options}",
            "",
            "",
            login="admin",
            timeout=300,
            success_signal="[HOOT] Test suite succeeded",
            error_checker=is_real_error,
        )

    @no_retry
    def test_fields_on_a_desktop(self):
        self._run_suite("&preset=desktop")

    @no_retry
    def test_fields_on_a_phone(self):
        self.browser_size, self.touch_enabled = "390x844", True
        self._run_suite("&preset=mobile")
