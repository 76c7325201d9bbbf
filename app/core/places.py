"""Where this code stands: in a checkout, or installed from a wheel."""

from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent.parent
"""The folder that holds the packages `app` and `migrations`: the checkout, or site-packages."""
MIGRATIONS: Final = ROOT / "migrations"

_INSTALLED: Final = ROOT / "app" / "examples.json"
_IS_INSTALLED: Final = _INSTALLED.exists()
EXAMPLES: Final = _INSTALLED if _IS_INSTALLED else ROOT / "openapi" / "examples.json"
"""The calls the API's description shows, as they happened."""
DESCRIPTION: Final = Path("praxis.json") if _IS_INSTALLED else ROOT / "openapi" / "praxis.json"
"""The description as a file, where no other is named."""
