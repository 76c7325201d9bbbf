"""The demo: two practices, and twelve weeks of everybody in them, made by the rooms' services.

Who there is stands in `words/harbour.yaml` and `words/lakeside.yaml`, what they say in the other
files of `words/`. A new capability adds its own people: a name among a client's `scenes`, and a
step planned where it happens in their weeks (`coming`, `meeting`, `noting`, `practising`).
"""

from app.demo.building import SignIn, build

__all__ = ["SignIn", "build"]
