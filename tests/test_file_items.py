from odoo.tests import BaseCase, tagged

from ..tools.file_items import Item, mask_of, share


@tagged("post_install", "-at_install")
class TestFileItems(BaseCase):
    """The arithmetic of completeness, without a database."""

    def test_mask_counts_an_item_once(self):
        """The same item twice is one bit."""
        items = [Item(0, "phone"), Item(3, "city"), Item(3, "city")]
        self.assertEqual(mask_of(items), 0b1001)
        self.assertEqual(mask_of([]), 0)

    def test_share(self):
        """Only what is required counts; halves are rounded up, and 100 is all."""
        for held, required, percent in (
            (0b0000, 0b1111, 0),
            (0b0011, 0b1111, 50),
            (0b1100, 0b0011, 0),
            (0b1111, 0b0011, 100),
            (0b0001, 0b0111, 33),
            (0b0011, 0b0111, 67),
            (0b0001, 0b1111_1111, 13),  # 12.5
            (2**30 - 1, 2**31 - 1, 97),
            (2**31 - 1, 2**31 - 1, 100),
            (0b1010, 0, 100),
        ):
            with self.subTest(held=held, required=required):
                self.assertEqual(share(held, required), percent)
