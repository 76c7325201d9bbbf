"""A practice comes to be: its row, its key, its first owner. Run by the command, not over HTTP."""

from typing import Any

from app.access.grounds import Membership
from app.access.practice import Practice
from app.accounts import passwords, signing_in
from app.accounts.models import User
from app.core.errors import Invalid
from app.core.ids import new_id
from app.core.locales import FALLBACK, canonical
from app.operation.work import Work
from app.practices.schemas import CrisisResource, PoliciesUpdate
from app.practices.service import complete


async def found(
    work: Work,
    *,
    name: str,
    zone: str,
    country: str,
    crisis_resources: list[dict[str, Any]],
    locale: str = FALLBACK,
    policies: dict[str, Any] | None = None,
) -> str:
    """A new practice with its key; its id. `work` must act as a job.

    `policies` are those that differ from the usual. Raises pydantic's ValidationError for crisis
    resources or policies that the practice could not set over HTTP, ValueError for such a locale.
    """
    practice_id = new_id()
    await work.introduce(practice_id=practice_id)
    await work.add(
        Practice,
        name=name,
        zone=zone,
        country=country,
        locale=canonical(locale),
        crisis_resources=complete([CrisisResource.model_validate(c) for c in crisis_resources]),
        policies=PoliciesUpdate.model_validate(policies or {}).model_dump(
            mode="json", exclude_unset=True
        ),
    )
    await work.found_keys()
    return practice_id


async def first_owner(
    work: Work, *, email: str, password: str, name: str, roles: tuple[str, ...] = ("owner",)
) -> str:
    """A login (or the one the address has) as owner of the practice `work` acts for; its id.

    Raises Invalid for a password that will not do. An existing login keeps its own password.
    """
    complaint = passwords.check_new_password(password, second_factor=False, email=email)
    if complaint is not None:
        raise Invalid("accounts.password", complaint.words)
    user_id = await login_of(work, email, password)
    await work.add(
        Membership,
        user_id=user_id,
        roles=sorted(roles),
        words={"name": name, "licence": None, "title": None},
    )
    return user_id


async def login_of(work: Work, email: str, password: str) -> str:
    """The login with this address, made with this password when there was none."""
    hashed = signing_in.email_hash(work, email)
    known = await work.row(signing_in.USER, email_hash=hashed)
    if known is not None:
        return str(known["id"])
    user_id = new_id()
    await work.add(
        User,
        id=user_id,
        email_hash=hashed,
        words={"email": email},
        password_hash=await signing_in.hasher().hash(password),
    )
    return user_id
