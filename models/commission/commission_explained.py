from odoo import api, fields, models


class KeyAccountCommissionExplained(models.AbstractModel):
    """Says in words how the amount of a row of the ledger was computed (I12): from the
    figures that are kept with it, in the language of the reader."""

    _name = "key.account.commission.explained"
    _description = "Explanation of an Amount"

    explain_text = fields.Text("How", compute="_compute_explain_text")

    @api.depends("explain", "kind")
    def _compute_explain_text(self):
        for entry in self:
            figures = entry.explain or {}
            words = getattr(entry, f"_explain_{figures.get('how')}", None)
            entry.explain_text = words(figures) if words else ""

    def _explain_earn(self, figures):
        parts = [
            self.env._(
                "Net profit %(profit)s × %(rate)s %% = pool %(pool)s.",
                profit=self._say(figures["net_profit"]),
                rate=_plain(figures["rate"]),
                pool=self._say(figures["pool"]),
            ),
            self.env._(
                "Share %(share)s %%: %(amount)s.",
                share=_plain(figures["share"]),
                amount=self._say(figures["target"]),
            ),
            self._explain_slab(figures),
        ]
        if figures.get("booked", "0") not in ("0", "0.0", "0.00"):
            parts.append(
                self.env._(
                    "Booked before: %(booked)s. Difference: %(amount)s.",
                    booked=self._say(figures["booked"]),
                    amount=self._say(self.amount),
                )
            )
        return "\n".join(parts)

    def _explain_slab(self, figures):
        origins = {
            "new": self.env._("a new customer"),
            "existing": self.env._("an existing customer"),
        }
        return self.env._(
            "The rate of the slab from %(lower)s, reached in %(month)s, for"
            " %(origin)s.",
            lower=self._say(figures["lower"]),
            month=figures["month"][:7],
            origin=origins[figures["origin"]],
        )

    def _explain_retain(self, figures):
        text = self.env._(
            "%(pct)s %% of %(earned)s is kept: %(target)s.",
            pct=_plain(figures["retention"]),
            earned=self._say(figures["earned"]),
            target=self._say(figures["target"]),
        )
        if figures.get("kept", "0") not in ("0", "0.0", "0.00"):
            text += " " + self.env._(
                "Kept before: %(kept)s. Difference: %(amount)s.",
                kept=self._say(figures["kept"]),
                amount=self._say(-self.amount),
            )
        if self.release_on:
            text += " " + self.env._("Due on %(day)s.", day=self.release_on)
        return text

    def _explain_release(self, figures):
        values = {"day": figures["due"], "amount": self._say(figures["held"])}
        if figures.get("left"):
            return self.env._(
                "Left on %(day)s: all that was kept, %(amount)s, comes back.", **values
            )
        return self.env._(
            "Due on %(day)s: what was kept, %(amount)s, comes back.", **values
        )

    def _explain_bonus(self, figures):
        text = self.env._(
            "The team's share in the net profit, %(base)s, × %(pct)s %% = %(target)s.",
            base=self._say(figures["base"]),
            pct=_plain(figures["pct"]),
            target=self._say(figures["target"]),
        )
        if figures.get("booked", "0") not in ("0", "0.0", "0.00"):
            text += " " + self.env._(
                "Booked before: %(booked)s. Difference: %(amount)s.",
                booked=self._say(figures["booked"]),
                amount=self._say(self.amount),
            )
        return text

    def _explain_dispute(self, figures):
        return self.env._("Decided on an objection: %(words)s", words=figures["words"])

    def _explain_payout(self, figures):
        return self.env._(
            "Brought forward %(forward)s, this period %(net)s: paid %(paid)s.",
            forward=self._say(figures["forward"]),
            net=self._say(figures["net"]),
            paid=self._say(figures["paid"]),
        )

    def _say(self, amount):
        return self.currency_id.format(float(amount))


def _plain(number):
    """A percentage without superfluous zeros."""
    text = f"{float(number):.8f}".rstrip("0").rstrip(".")
    return text or "0"
