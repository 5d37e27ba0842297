from . import pool
from . import account
