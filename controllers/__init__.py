from . import tickets_portal
from . import tickets_portal_new
from . import tickets_rating
