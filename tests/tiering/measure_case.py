from ..common import DAY, KeyAccountCase


class MeasureCase(KeyAccountCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_books_up()
        cls.customer = cls._create_customer("Sino Light Fair")
        cls.account = cls._create_account(cls.customer)

    def criterion(self, measure, **vals):
        scheme = self._create_scheme(
            [{"measure": measure, "weight": 100, "target": 1, **vals}], publish=False
        )
        return scheme.criterion_ids

    def raw(self, measure, account=None, until=DAY, **vals):
        """Raw value of a measure for an account, as an evaluation reads it."""
        account = account or self.account
        criterion = self.criterion(measure, **vals)
        values = self.env["key.account.measure"]._read_values(
            account.company_id, until, criterion
        )
        return values[account.id][0]

    def behind(self, measure, account=None, until=DAY, **vals):
        """The records that a click on the value opens."""
        model, domain = self.env["key.account.measure"]._records_behind(
            self.criterion(measure, **vals), account or self.account, until
        )
        return self.env[model].with_context(active_test=False).search(domain)
