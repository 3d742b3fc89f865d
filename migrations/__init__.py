"""The history of the tables, for Alembic; works from any folder and as an installed package."""

from .history import downgrade, is_current, upgrade

__all__ = ["downgrade", "is_current", "upgrade"]
