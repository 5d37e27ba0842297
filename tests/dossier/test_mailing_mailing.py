from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .request_case import DataRequestCase


@tagged("post_install", "-at_install")
class TestMailingMailing(DataRequestCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        marketing = cls.env.ref("mass_mailing.group_mass_mailing_user")
        sales = cls.env.ref("sales_team.group_sale_salesman")
        for user in (cls.seller, cls.second):
            user.group_ids = [Command.link(marketing.id), Command.link(sales.id)]

    def mailing(self, records, user=None, **vals):
        return (
            self.env["mailing.mailing"]
            .with_user(user or self.seller)
            .create(
                {
                    "subject": "Fair",
                    "body_html": "<p>Welcome</p>",
                    "mailing_type": "mail",
                    "mailing_model_id": self.env["ir.model"]._get_id(records._name),
                    "mailing_domain": repr([("id", "in", records.ids)]),
                    **vals,
                }
            )
        )

    def run_queue(self):
        self._run_cron("mailing.mailing", "_process_mass_mailing_queue")

    def of_each_kind(self):
        """Records of the models people send mailings to, all of one customer."""
        partner = self.partners[0]
        own = {"company_id": self.company.id, "user_id": self.seller.id}
        lead = self.env["crm.lead"].create(
            {"name": "Stand", "partner_id": partner.id, **own}
        )
        unknown = self.env["crm.lead"].create(
            {"name": "Web", "email_from": "Orient <ORIENT@example.com>", **own}
        )
        order = self.env["sale.order"].create({"partner_id": partner.id, **own})
        contact = self.env["mailing.contact"].create(
            {"name": "Somebody", "email": "orient@example.com"}
        )
        return partner, self.accounts[0], lead, unknown, order, contact

    def test_no_mailing_to_customers_without_a_request(self):
        """Whatever the recipients are called, customers are found among them, and the
        mailing does not even get into the queue (R038)."""
        for records in self.of_each_kind():
            for way in ("action_launch", "action_put_in_queue", "action_send_mail"):
                mailing = self.mailing(records)
                with self.subTest(model=records._name, way=way):
                    with self.assertRaisesRegex(AccessError, "1 of 1 customers"):
                        getattr(mailing, way)()
            with self.subTest(model=records._name), self.assertRaises(AccessError):
                self.mailing(records).write({"state": "in_queue"})
            with self.subTest(model=records._name), self.assertRaises(AccessError):
                self.mailing(records, state="in_queue")

    def test_covered_mailing_is_sent_and_noted(self):
        """With a request for mail it leaves, and says under which (R038)."""
        request = self._approved(channel="email")
        mailing = self.mailing(self.partners)
        mailing.action_launch()
        self.assertEqual(mailing.key_account_request_id, request)
        self.assertEqual(mailing.key_account_sender_id, self.seller)
        self.assertFalse(self._uses())
        self.run_queue()
        self.assertEqual(mailing.state, "done")
        self.assertRecordValues(
            self._uses(),
            [
                {
                    "request_id": request.id,
                    "user_id": self.seller.id,
                    "channel": "email",
                    "res_model": "res.partner",
                    "row_count": 3,
                    "account_count": 3,
                }
            ],
        )

    def test_strangers_are_free(self):
        """A mailing to people who are no customers needs nothing."""
        mailing = self.mailing(self.stranger)
        mailing.action_launch()
        self.run_queue()
        self.assertEqual(mailing.state, "done")
        self.assertFalse(self._uses() | mailing.key_account_request_id.use_ids)

    def test_request_that_ended_in_the_queue(self):
        """A mailing whose request is over when it is to leave goes back to its author
        with the reason; the others leave (R038)."""
        with freeze_time("2026-03-10 04:00:00"):
            self._approved(channel="email", expires_on="2026-03-11")
            late = self.mailing(self.partners)
            late.action_launch()
            free = self.mailing(self.stranger)
            free.action_launch()
        with freeze_time("2026-03-12 04:00:00"):
            self.run_queue()
        self.assertEqual(late.state, "draft")
        self.assertIn("Not sent", late.message_ids[0].body)
        self.assertEqual(free.state, "done")
        self.assertFalse(self._uses())
        self.assertFalse(late.mailing_trace_ids)

    def test_another_ones_request(self):
        """Nobody sends under a request of somebody else, nor in his name."""
        request = self._approved(channel="email")
        mailing = self.mailing(
            self.partners, self.second, key_account_request_id=request.id
        )
        with self.assertRaises(AccessError):
            mailing.action_launch()
        with self.assertRaises(UserError):
            mailing.write({"key_account_sender_id": self.seller.id})
        forged = self.mailing(
            self.partners, self.second, key_account_sender_id=self.seller.id
        )
        self.assertFalse(forged.key_account_sender_id)

    def test_text_messages(self):
        """A mailing by SMS needs a request for SMS."""
        self._approved(channel="email")
        mailing = self.mailing(self.partners, mailing_type="sms", body_plaintext="Hi")
        with self.assertRaises(AccessError):
            mailing.action_launch()
        with self.assertRaises(AccessError):
            mailing.action_send_sms()
        self._approved(channel="sms")
        mailing._action_send_mail()
        self.assertEqual((self._uses().channel, self._uses().row_count), ("sms", 3))

    def test_composers(self):
        """Writing to many at once from a list is a mass mailing too; to one it is
        daily work."""
        mail = {
            "composition_mode": "mass_mail",
            "model": "res.partner",
            "subject": "Fair",
            "body": "Welcome",
        }
        Mail = self.env["mail.compose.message"].with_user(self.seller)
        Sms = self.env["sms.composer"].with_user(self.seller)
        sms = {"composition_mode": "mass", "res_model": "res.partner", "body": "Hi"}
        ids = repr(self.partners.ids)
        wizard = Mail.create({**mail, "res_ids": ids})
        with self.assertRaisesRegex(AccessError, "3 of 3"):
            wizard.action_send_mail()
        texts = Sms.create({**sms, "res_ids": ids})
        with self.assertRaisesRegex(AccessError, "3 of 3"):
            texts.action_send_sms()
        Mail.create(
            {
                **mail,
                "composition_mode": "comment",
                "res_ids": repr(self.partners[0].ids),
            }
        ).action_send_mail()
        self._approved(channel="email")
        self._approved(channel="sms")
        wizard.action_send_mail()
        texts.action_send_sms()
        channels = self._uses().mapped("channel")
        self.assertEqual(channels, ["email", "sms"])
        self.assertEqual(self._uses().mapped("row_count"), [3, 3])

    def test_trial_mailing_is_free(self):
        """A trial goes to whom one types in, not to the recipients."""
        mailing = self.mailing(self.partners)
        trial = self.env["mailing.mailing.test"].with_user(self.seller)
        trial.create(
            {"mass_mailing_id": mailing.id, "email_to": "me@example.com"}
        ).send_mail_test()
        self.assertFalse(self._uses())
