"""The OpenAPI document as a file: made from the application, and compared with it."""

import json
from pathlib import Path

from app.command.saying import Complaint
from app.main import create_app
from app.settings import Settings


def text() -> str:
    """The document: the same bytes for the same code, wherever and however it is configured."""
    document = create_app(Settings.model_construct(cors_origins=())).openapi()
    return json.dumps(document, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def write(path: Path) -> None:
    """Write the document there. Raises Complaint where that cannot be done."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text(), encoding="utf-8")
    except OSError as error:
        raise Complaint(f"{path} cannot be written ({error.strerror}): name another.") from error


def compare(path: Path) -> None:
    """Raise Complaint, which says what to run, unless the file there is what the code says."""
    try:
        found = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        found = ""
    except (OSError, UnicodeDecodeError) as error:
        raise Complaint(f"{path} cannot be read: run `praxis openapi {path}`.") from error
    if found != text():
        raise Complaint(f"{path} is not what the code says: run `praxis openapi {path}`.")
