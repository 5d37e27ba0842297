from . import dossier_assign
