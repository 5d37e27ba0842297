from . import dossier
from . import tiering
from . import team
from . import pool
from . import tickets
from . import relations
