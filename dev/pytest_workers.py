"""Runs the suite in several processes: each has a database, and the long classes begin.

dev/test makes the databases and names them in KEY_ACCOUNT_TEST_DATABASES. Everything
else is as in one process: pytest-xdist hands out whole classes, so that each is set up
once, and pytest-odoo chooses a free port for each process.
"""

import os
import re

import pytest

# A class costs about as much as so many plain tests. Each test of the browser starts
# one and loads the whole of Odoo into it; these live in files of their own.
BROWSER_FILE = re.compile(r"(^|/)test_(js|tours)\w*\.py")
BROWSER_TEST = 60
HTTP_TEST = 4
CLASS_SETUP = 4

NO_DATABASE = (
    "Each process needs a database: set KEY_ACCOUNT_TEST_JOBS, dev/test makes them"
)


@pytest.hookimpl(tryfirst=True, hookwrapper=True)
def pytest_cmdline_main(config):
    if hasattr(config, "workerinput"):
        config.option.odoo_database = database_of(config.workerinput["workerid"])
        # pytest-odoo would make a copy itself, but all copies would share the folder of
        # files: what one of them no longer needs would be deleted under the others.
        del os.environ["PYTEST_XDIST_WORKER"]
    yield


def database_of(worker):
    """The database of a worker, which xdist calls gw0, gw1 ..."""
    databases = os.environ.get("KEY_ACCOUNT_TEST_DATABASES", "").split()
    number = int(worker.removeprefix("gw"))
    if number >= len(databases):
        raise pytest.UsageError(NO_DATABASE)
    return databases[number]


# --- Order ---


def pytest_collection_modifyitems(config, items):
    """Begins with what takes long, lest one process works on when all others are idle.

    Every worker sorts, and all come to the same order; xdist hands the classes out in
    that order (--no-loadscope-reorder).
    """
    if hasattr(config, "workerinput"):
        costs = {}
        for item in items:
            scope = scope_of(item.nodeid)
            costs[scope] = costs.get(scope, CLASS_SETUP) + cost(item)
        items.sort(key=lambda item: -costs[scope_of(item.nodeid)])


def scope_of(nodeid):
    """What stays together: a class, or the functions of a module."""
    return nodeid.rpartition("::")[0]


def cost(item):
    if BROWSER_FILE.search(item.nodeid):
        return BROWSER_TEST
    if "HttpCase" in {base.__name__ for base in (item.cls or object).__mro__}:
        return HTTP_TEST
    return 1


# --- Nothing is lost ---


class Lost:
    """Which tests were handed out, less those that came back."""

    def __init__(self):
        self.nodeids = set()

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_node_collection_finished(self, node, ids):
        if not self.nodeids:
            self.nodeids.update(ids)

    def pytest_runtest_logfinish(self, nodeid):
        self.nodeids.discard(nodeid)

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session, exitstatus):
        if self.nodeids and exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter):
        if self.nodeids:
            line = f"Not green: {len(self.nodeids)} did not run."
            terminalreporter.write_line(line, red=True)


def pytest_configure(config):
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(Lost(), "lost_tests")
