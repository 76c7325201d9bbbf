"""The demo: two practices, and twelve weeks of everybody in them."""

from app.demo.building import SignIn, build

__all__ = ["SignIn", "build"]
