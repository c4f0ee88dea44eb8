"""What the tests against hostile submissions share with those of the sandbox."""

from tests.sandbox.conftest import own_accounts

__all__ = ["own_accounts"]
