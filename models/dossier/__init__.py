from . import guarded
from . import account_opening
from . import account_merge
from . import account
from . import strategic_type
from . import res_partner
from . import base_partner_merge_automatic_wizard
from . import crm_lead
