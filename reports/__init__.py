from . import tickets_report_complaint
from . import tickets_report_history
