from . import dossier_assign
from . import team_assign
from . import team_replace
from . import team_staff
from . import team_staff_line
