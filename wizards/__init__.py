from . import dossier_assign
from . import dossier_duplicate_check
from . import dossier_duplicate_check_line
from . import dossier_data_decide
