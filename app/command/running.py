"""`praxis up`: everything at once, for one machine."""

import asyncio
from functools import partial

from app.command import demonstration, folder, serving, supervising
from app.command.configuring import environment_of
from app.command.listening import listen
from app.command.preparing import prepare
from app.command.reaching import keep_running, reached
from app.command.saying import plain, say
from app.core import logs
from app.demo import SignIn
from app.settings import Settings


def up(settings: Settings, *, demo: bool) -> None:
    """Run API, worker and, without DATABASE_URL, PostgreSQL, until asked to stop."""
    with (
        folder.held(settings),
        listen(settings.host, settings.port) as listener,
        reached(settings) as database,
    ):
        keys, addresses = asyncio.run(
            prepare(settings, database.owner, embedded=database.is_embedded)
        )
        people = demonstration.people(settings, keys, addresses) if demo else None
        logs.configure()
        server = serving.api(
            settings, addresses.application, keys, partial(_announce, settings, people)
        )
        beside = [partial(supervising.keep, environment_of(settings, addresses.worker))]
        if database.is_embedded:
            beside.append(partial(keep_running, settings, database))
        serving.run(serving.serve(server, listener, *beside))
    say("Praxis has stopped.")


def _announce(settings: Settings, people: list[SignIn] | None) -> None:
    """Where to go next."""
    mail = (
        f"{plain(settings.mail_folder)}  [dim](mails are kept here: no SMTP server is set)[/]"
        if settings.smtp_host is None
        else f"sent through {plain(settings.smtp_host)}"
    )
    database = "the server in DATABASE_URL"
    if settings.database_url is None:
        database = f"PostgreSQL in {plain(settings.data)}, run by Praxis"
    say()
    say("[bold]Praxis is running.[/]")
    say()
    say(f"  API        [bold]{plain(settings.public_url)}[/]")
    if settings.shows_docs:
        say(f"  Try it     {plain(settings.public_url)}/docs")
    say(f"  Data       {plain(settings.data)}")
    say(f"  Database   {database}")
    say(f"  Mail       {mail}")
    say(
        f"  Keys       {plain(settings.key_folder)}"
        "  [dim](back them up, apart from the database)[/]"
    )
    say()
    if people is None:
        say(
            "  Next: [bold]praxis create-practice[/], or start with [bold]--demo[/] to look around."
        )
    else:
        demonstration.show(people)
    say("  Ctrl-C stops everything.")
    say()
