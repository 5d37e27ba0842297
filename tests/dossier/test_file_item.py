from psycopg2 import IntegrityError

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import KeyAccountCase


@tagged("post_install", "-at_install")
class TestFileItem(KeyAccountCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Item = cls.env["key.account.file.item"]
        cls.items = cls.env["key.account"]._file_items()

    def test_code_and_records_agree(self):
        """Each item the program can tell has a name, and each name an item (R031)."""
        records = self.Item.search([("code", "in", list(self.items))])
        self.assertEqual(set(records.mapped("code")), set(self.items))
        shipped = self.env["ir.model.data"].search(
            [("module", "=", "key_account"), ("model", "=", self.Item._name)]
        )
        self.assertEqual(set(shipped.mapped("res_id")), set(records.ids))

    def test_bits_differ_and_fit(self):
        """Two items never share a bit, and all fit into the column."""
        bits = [item.bit for item in self.items.values()]
        self.assertEqual(len(bits), len(set(bits)))
        self.assertTrue(all(0 <= bit <= 30 for bit in bits))

    def test_every_item_can_be_mended(self):
        """Each place an item names has a word and a way."""
        account = self.env["key.account"]
        for code, item in self.items.items():
            with self.subTest(code):
                self.assertIn(item.place, account._places())
                self.assertTrue(hasattr(account, f"_mend_{item.place}"))

    def test_mask(self):
        """The mask of some items; a code nobody knows counts nothing."""
        some = self.Item.search([("code", "in", ["phone", "vat"])])
        mask = self.items["phone"].mask | self.items["vat"].mask
        self.assertEqual(some._mask(), mask)
        stray = self.Item.create({"code": "stray", "name": "Stray"})
        self.assertEqual((some | stray)._mask(), mask)

    def test_code_is_unique(self):
        """Two items of one code are refused."""
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self.Item.create({"code": "phone", "name": "Again"})

    def test_steward_names_and_sorts(self):
        """The steward renames and sorts the items; he makes none, code does."""
        phone = self.env.ref("key_account.file_item_phone").with_user(self.steward)
        phone.write({"name": "Switchboard", "sequence": 5})
        with self.assertRaises(AccessError):
            phone.create({"code": "mine", "name": "Mine"})
        with self.assertRaises(AccessError):
            phone.unlink()
        with self.assertRaises(AccessError):
            phone.with_user(self.seller).write({"name": "Mine"})
