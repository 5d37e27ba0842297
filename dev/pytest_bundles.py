"""Compiles each bundle of scripts and styles once in a process.

Otherwise each test with a browser waits for its bundles anew, because what was compiled
is taken back with what else the test wrote. Odoo's own runner compiles all that there
are before its first test; this keeps those that a test has asked for.
"""

import re

import pytest

COMPILED = {"min.js", "min.css"}

# What the pages of a test ask for at once. Requests of a test wait for each other, some
# seconds at most: on a busy machine the last would give up while the others compile.
# Another bundle is compiled when it is asked for.
PAGES = {
    re.compile(r"(^|/)test_tours\w*\.py"): {
        "web.assets_web": ("js", "css"),
        "web.assets_web_print": ("css",),
        "web.assets_tests": ("js",),
    },
    re.compile(r"(^|/)test_js\w*\.py"): {
        "web.assets_unit_tests_setup": ("js", "css"),
        "web.assets_unit_tests": ("js", "css"),
    },
}


@pytest.fixture(scope="session", autouse=True)
def kept_bundles(request):
    """Whether bundles are kept: where there is a server that somebody asks for them."""
    if not request.config.getoption("--odoo-http"):
        return False
    request.getfixturevalue("load_registry")
    from odoo.addons.base.models.assetsbundle import AssetsBundle

    keep(AssetsBundle)
    return True


@pytest.fixture(scope="class", autouse=True)
def compiled_pages(request, kept_bundles):
    for file, bundles in PAGES.items():
        if kept_bundles and file.search(request.node.nodeid):
            compile_bundles(bundles)


def compile_bundles(bundles):
    from odoo import SUPERUSER_ID, api
    from odoo.modules.registry import Registry
    from odoo.tests import get_db_name

    with Registry(get_db_name()).cursor() as cr:
        qweb = api.Environment(cr, SUPERUSER_ID, {})["ir.qweb"]
        for name, kinds in bundles.items():
            for kind in kinds:
                bundle = qweb._get_asset_bundle(
                    name, css=kind == "css", js=kind == "js"
                )
                getattr(bundle, kind)()
        cr.rollback()


def keep(bundle_class):
    """Teaches a class of bundles to remember; what is found is asked for first."""
    contents = {}
    find, save = bundle_class.get_attachments, bundle_class.save_attachment

    def get_attachments(self, extension, ignore_version=False):
        found = find(self, extension, ignore_version)
        if not found and not ignore_version:
            content = contents.get(key(self, extension))
            if content is not None:
                found = save(self, extension, content)
        return found

    def save_attachment(self, extension, content):
        if extension in COMPILED and not self.css_errors:
            contents[key(self, extension)] = content
        return save(self, extension, content)

    bundle_class.get_attachments = get_attachments
    bundle_class.save_attachment = save_attachment


def key(bundle, extension):
    """The address of a bundle, by which Odoo knows it: its files, their dates ...

    Odoo's has a few letters of their sum only, this the whole of it.
    """
    checksum = bundle.get_checksum("css" if bundle.is_css(extension) else "js")
    return bundle.get_asset_url(unique=checksum, extension=extension)
