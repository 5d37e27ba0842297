"""How customers come by Odoo's own media, which an update leaves as they are."""

MEDIA = {
    "utm_medium_phone": "telesales",
    "utm_medium_website": "inbound",
    "utm_medium_email": "inbound",
}


def migrate(cr, version):
    """Where nobody has said it yet."""
    for name, origin in MEDIA.items():
        cr.execute(
            """
            UPDATE utm_medium medium SET key_account_origin = %s
              FROM ir_model_data data
             WHERE data.module = 'utm' AND data.name = %s AND data.res_id = medium.id
               AND data.model = 'utm.medium' AND medium.key_account_origin IS NULL
            """,
            (origin, name),
        )
