from . import dossier
from . import tiering
from . import team
from . import pool
from . import relations
from . import tickets
from . import commission
