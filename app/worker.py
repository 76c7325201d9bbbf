"""The worker with every room's handlers in place: what `praxis worker` runs."""

from app.accounts import mailing, tidying
from app.clients import reindexing
from app.files import inspection, removing
from app.homework import attention_telling, closing, exercise_updates, generating
from app.invitations import invitation_mail
from app.jobs import tidying as jobs_tidying
from app.jobs.delivering import drain
from app.jobs.worker import run
from app.programs import coming
from app.reminders import sending
from app.rests import looking_in
from app.sessions import reassignment
from app.upkeep import zone_names

HANDLERS = (
    mailing,
    tidying,
    invitation_mail,
    reindexing,
    inspection,
    removing,
    generating,
    closing,
    attention_telling,
    exercise_updates,
    coming,
    looking_in,
    sending,
    jobs_tidying,
    zone_names,
    reassignment,
)
"""The modules whose import registers what the worker does."""

__all__ = ["HANDLERS", "drain", "run"]
