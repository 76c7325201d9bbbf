"""Every table of the house, for Alembic and the sweeps."""

from app.access import grounds, practice
from app.accounts import models as accounts
from app.choices import models as choices
from app.clients import models as clients
from app.core.database import Base
from app.files import models as files
from app.goals import models as goals
from app.homework import along, attention_notices
from app.homework import models as homework
from app.library import models as library
from app.notes import models as notes
from app.operation import idempotency, record
from app.programs import models as programs
from app.reminders import models as reminders
from app.rests import models as rests
from app.sessions import models as sessions
from app.vault import models as vault

ROOMS = (
    grounds,
    practice,
    accounts,
    along,
    attention_notices,
    choices,
    clients,
    files,
    goals,
    homework,
    idempotency,
    library,
    notes,
    programs,
    record,
    reminders,
    rests,
    sessions,
    vault,
)
metadata = Base.metadata
