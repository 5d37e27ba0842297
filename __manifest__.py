{
    "name": "Key Accounts",
    "summary": "Who is a key customer and why, for companies that serve exhibitions",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "author": "key_account contributors",
    "license": "LGPL-3",
    "depends": [
        "contacts",
        "crm",
        "sale_management",
        "sale_margin",
        "account",
        "rating",
    ],
    "data": [
        "security/key_account_groups.xml",
        "security/ir.model.access.csv",
        "security/key_account_rules.xml",
    ],
    "demo": [],
    "application": True,
    "installable": True,
}
