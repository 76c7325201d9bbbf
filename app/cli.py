"""The `praxis` command."""

# Each command imports what it needs when it runs: `praxis --help` waits for none of it.

from pathlib import Path
from typing import Annotated

import typer

from app.command.saying import Group, plain, say
from app.core.places import DESCRIPTION

app = typer.Typer(
    name="praxis",
    cls=Group,
    help="The service behind the work of psychotherapy between sessions.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)

Data = Annotated[
    Path | None,
    typer.Option("--data", help="Folder of database, keys and mails.", show_default=False),
]
Host = Annotated[
    str | None, typer.Option("--host", help="Where to listen.", show_default="127.0.0.1")
]
Port = Annotated[
    int | None,
    typer.Option("--port", min=1, max=65535, help="Where to listen.", show_default="8000"),
]
Account = Annotated[
    str | None,
    typer.Option(
        "--run-as", help="For root: the account PostgreSQL runs as.", show_default="one of its own"
    ),
]


@app.command()
def up(
    data: Data = None,
    host: Host = None,
    port: Port = None,
    run_as: Account = None,
    demo: Annotated[bool, typer.Option("--demo", help="With the demo practice.")] = False,
) -> None:
    """Start everything: database, API and worker. Without DATABASE_URL, with its own PostgreSQL."""
    from app.command import running
    from app.command.configuring import settings_for

    settings = settings_for(
        data=data, host=host, port=port, postgres_account=run_as, on_one_machine=True
    )
    running.up(settings, demo=demo)


@app.command()
def serve(host: Host = None, port: Port = None) -> None:
    """Serve the API on the database in DATABASE_URL."""
    from app.command import serving
    from app.command.configuring import settings_for
    from app.command.listening import listen
    from app.command.reaching import serving_addresses
    from app.core import logs

    settings = settings_for(host=host, port=port)
    keys, address = serving_addresses(
        settings, lambda known: known.application, "PRAXIS_APPLICATION_DATABASE_URL"
    )
    with listen(settings.host, settings.port) as listener:
        logs.configure()
        server = serving.api(
            settings, address, keys, lambda: say(f"Serving {plain(settings.public_url)}")
        )
        serving.run(serving.serve(server, listener))


@app.command()
def worker(
    with_parent: Annotated[bool, typer.Option("--with-parent", hidden=True)] = False,
) -> None:
    """Do the work that waits, on the database in DATABASE_URL."""
    from app.command import working
    from app.command.configuring import settings_for
    from app.command.reaching import serving_addresses
    from app.core import logs

    settings = settings_for()
    keys, address = serving_addresses(
        settings, lambda known: known.worker, "PRAXIS_WORKER_DATABASE_URL"
    )
    logs.configure()
    working.work(settings, address, keys, with_parent=with_parent)


@app.command()
def migrate(data: Data = None, run_as: Account = None) -> None:
    """Bring the database, its roles and the shipped exercises up to date with this code."""
    import asyncio

    from app.command.configuring import settings_for
    from app.command.preparing import prepare
    from app.command.reaching import reached

    settings = settings_for(data=data, postgres_account=run_as)
    with reached(settings) as database:
        asyncio.run(prepare(settings, database.owner, embedded=database.is_embedded))
    say("The database is up to date.")


@app.command()
def demo(
    data: Data = None,
    run_as: Account = None,
    code: Annotated[
        str | None,
        typer.Option(help="Only print the one-time code of the person with this address."),
    ] = None,
) -> None:
    """Make the demo practice, and show how its people sign in."""
    from app.command.configuring import settings_for

    settings = settings_for(data=data, postgres_account=run_as)
    if code is not None:
        from app.command.demo_codes import code_of

        typer.echo(code_of(settings, code))
        return
    from app.command import demonstration
    from app.command.reaching import ready

    with ready(settings) as (keys, addresses):
        demonstration.show(demonstration.people(settings, keys, addresses))


@app.command()
def openapi(
    path: Annotated[Path, typer.Argument(help="The file.")] = DESCRIPTION,
    check: Annotated[bool, typer.Option("--check", help="Compare, and change nothing.")] = False,
) -> None:
    """Write the API's OpenAPI document."""
    from app.command import specification

    if check:
        specification.compare(path)
        say(f"{plain(path)} is what the code says.")
    else:
        specification.write(path)
        say(f"{plain(path)} is written.")


@app.command()
def create_practice(
    name: Annotated[str, typer.Option(prompt="Name of the practice")],
    zone: Annotated[str, typer.Option(prompt="Time zone, such as Europe/Berlin")],
    country: Annotated[str, typer.Option(prompt="Country, two letters such as DE")],
    crisis_line: Annotated[
        str,
        typer.Option(
            prompt="A crisis line clients can call, as Name=phone",
            help="Shown to clients, as Name=phone.",
        ),
    ],
    owner_name: Annotated[str, typer.Option(prompt="Name of the owner")],
    email: Annotated[str, typer.Option(prompt="E-mail address of the owner")],
    treats: Annotated[
        bool,
        typer.Option("--treats/--only-owns", help="The owner also treats clients."),
    ] = False,
    password_file: Annotated[
        Path | None,
        typer.Option(help="Its first line is the owner's password.", show_default="asked for"),
    ] = None,
    data: Data = None,
    run_as: Account = None,
) -> None:
    """Make a practice and its owner, who then signs in and invites everyone else."""
    from app.command import founding
    from app.command.configuring import settings_for
    from app.command.reaching import ready

    what = founding.checked(
        name=name,
        zone=zone,
        country=country,
        crisis_line=crisis_line,
        owner_name=owner_name,
        email=email,
    )
    if password_file is None:
        password = typer.prompt("Password of the owner", hide_input=True, confirmation_prompt=True)
    else:
        password = founding.password_in(password_file)
    settings = settings_for(data=data, postgres_account=run_as)
    with ready(settings) as (keys, addresses):
        practice_id = founding.make(
            settings, keys, addresses, what, password=password, treats=treats
        )
    say(f"The practice {plain(what.name)} is there: {practice_id}")
    say(f"{plain(what.owner_name)} signs in as {plain(what.email)}, and sets up a second factor.")


@app.command(name="doctor")
def doctor_(data: Data = None, run_as: Account = None) -> None:
    """Look whether everything is well, and say how to mend what is not."""
    from pydantic import ValidationError
    from pydantic_settings import SettingsError

    from app.command import doctor
    from app.command.configuring import settings_for
    from app.command.explanations import sentence
    from app.command.saying import Complaint

    try:
        settings = settings_for(data=data, postgres_account=run_as)
    except (ValidationError, SettingsError, Complaint) as failure:
        findings = [
            doctor.Finding("configuration", sentence(failure), "Correct or unset what is named.")
        ]
    else:
        findings = doctor.examine(settings)
    if not doctor.show(findings):
        raise typer.Exit(1)


if __name__ == "__main__":
    app()
