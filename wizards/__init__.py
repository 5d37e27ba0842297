from . import key_account_assign
