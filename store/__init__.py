"""Rows and blobs: SQLAlchemy tables, sessions, files. Imports none of the other packages."""
