from . import dossier_assign
from . import dossier_duplicate_check
from . import dossier_duplicate_check_line
from . import dossier_data_decide
from . import team_assign
from . import team_replace
from . import team_staff
from . import team_staff_line
