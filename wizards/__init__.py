from . import dossier_assign
from . import dossier_data_decide
