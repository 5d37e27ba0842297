from . import dossier
from . import tiering
