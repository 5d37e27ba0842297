from . import test_periods
from . import test_scoring
from .dossier import test_account_opening
