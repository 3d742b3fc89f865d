"""What moderators do: opinions, notes, statements of reasons, pauses, where cases are shown; who
is signed in at the desk; what a picture looks like; what was handed over for children's safety"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

NEW_TABLES = (
    "opinions", "case_notes", "case_messages", "statements", "safety_reports", "pauses",
    "held_stages", "desk_links", "desk_sessions",
)  # fmt: skip


def upgrade() -> None:
    _opinions()
    _case_notes()
    _case_messages()
    _statements()
    _safety_reports()
    _pauses()
    _held_stages()
    _desk()
    op.execute(
        "INSERT INTO opinions"
        " (id, created_at, case_id, moderator_id, decision, reason, note, undo_until)"
        " SELECT id, decided_at, id, decided_by, decision, reason, note, acts_at"
        " FROM cases WHERE decision IS NOT NULL AND decided_at IS NOT NULL"
        " AND acts_at IS NOT NULL"
    )
    _change_cases()
    op.create_index(
        "ix_deliveries_leaving",
        "deliveries",
        ["created_at"],
        sqlite_where=sa.text("state = 'leaving'"),
        postgresql_where=sa.text("state = 'leaving'"),
    )
    with op.batch_alter_table("communities") as communities:
        communities.drop_column("is_paused")
    with op.batch_alter_table("sanctions") as sanctions:
        sanctions.add_column(sa.Column("reason", sa.String(), nullable=False, server_default=""))
        sanctions.add_column(
            sa.Column("is_local", sa.Boolean(), nullable=False, server_default=sa.false())
        )
    with op.batch_alter_table("pictures") as pictures:
        pictures.add_column(
            sa.Column("pdq", sa.String(length=64), nullable=False, server_default="")
        )


def downgrade() -> None:
    op.drop_index("ix_deliveries_leaving", "deliveries")
    with op.batch_alter_table("pictures") as pictures:
        pictures.drop_column("pdq")
    with op.batch_alter_table("sanctions") as sanctions:
        sanctions.drop_column("is_local")
        sanctions.drop_column("reason")
    with op.batch_alter_table("communities") as communities:
        communities.add_column(
            sa.Column("is_paused", sa.Boolean(), nullable=False, server_default=sa.false())
        )
    op.drop_index("ix_cases_oldest", "cases")
    with op.batch_alter_table("cases") as cases:
        cases.add_column(sa.Column("note", sa.String(), nullable=False, server_default=""))
        cases.drop_column("blocks_pictures")
        cases.drop_column("version")
        cases.drop_column("num_eyes")
    for table in reversed(NEW_TABLES):
        op.drop_table(table)


def _change_cases() -> None:
    with op.batch_alter_table("cases") as cases:
        cases.add_column(sa.Column("num_eyes", sa.Integer(), nullable=False, server_default="1"))
        cases.add_column(sa.Column("version", sa.Integer(), nullable=False, server_default="0"))
        cases.add_column(
            sa.Column("blocks_pictures", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        cases.drop_column("note")
    op.create_index(
        "ix_cases_oldest",
        "cases",
        ["created_at", "id"],
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )


def _key(table: str, column: str, other: str, ondelete: str = "CASCADE") -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{other}.id"], name=f"fk_{table}_{column}", ondelete=ondelete
    )


def _with_id(table: str) -> list[sa.schema.SchemaItem]:
    return [
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
    ]


def _id(name: str, *, is_needed: bool = True) -> sa.Column[str]:
    return sa.Column(name, sa.String(length=32), nullable=not is_needed)


def _words(name: str, *, length: int | None = None) -> sa.Column[str]:
    return sa.Column(name, sa.String(length=length), nullable=False)


def _time(name: str, *, is_needed: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=not is_needed)


def _flag(name: str) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean(), nullable=False)


def _opinions() -> None:
    op.create_table(
        "opinions",
        _id("case_id"),
        _id("moderator_id", is_needed=False),
        _words("decision"),
        _words("reason"),
        _words("note"),
        _time("undo_until", is_needed=True),
        _time("undone_at"),
        *_with_id("opinions"),
        _key("opinions", "case_id", "cases"),
        _key("opinions", "moderator_id", "people", "SET NULL"),
    )
    for column in ("case_id", "moderator_id"):
        op.create_index(f"ix_opinions_{column}", "opinions", [column])


def _case_notes() -> None:
    op.create_table(
        "case_notes",
        _id("case_id"),
        _id("moderator_id", is_needed=False),
        _words("text"),
        *_with_id("case_notes"),
        _key("case_notes", "case_id", "cases"),
        _key("case_notes", "moderator_id", "people", "SET NULL"),
    )
    for column in ("case_id", "moderator_id"):
        op.create_index(f"ix_case_notes_{column}", "case_notes", [column])


def _case_messages() -> None:
    op.create_table(
        "case_messages",
        _id("case_id"),
        _words("platform"),
        sa.Column("address", sa.JSON(), nullable=False),
        _words("message_id"),
        _words("language"),
        _flag("is_private"),
        sa.Column("shown_version", sa.Integer(), nullable=False),
        _flag("is_over"),
        *_with_id("case_messages"),
        _key("case_messages", "case_id", "cases"),
        sa.UniqueConstraint(
            "platform",
            "message_id",
            "case_id",
            name="uq_case_messages_platform_message_id_case_id",
        ),
    )
    op.create_index("ix_case_messages_case_id", "case_messages", ["case_id"])
    op.create_index("ix_case_messages_live", "case_messages", ["is_over", "case_id"])


def _statements() -> None:
    owners = {
        "person_id": "people",
        "request_id": "requests",
        "community_id": "communities",
        "case_id": "cases",
    }
    op.create_table(
        "statements",
        *(_id(column, is_needed=False) for column in owners),
        _words("restriction", length=16),
        _flag("is_everywhere"),
        _time("until"),
        *(_words(name) for name in ("stage", "category", "reason")),
        sa.Column("facts", sa.JSON(), nullable=False),
        _flag("is_found_by_machine"),
        _flag("is_decided_by_machine"),
        _words("ground"),
        _flag("may_appeal"),
        _time("reversed_at"),
        *_with_id("statements"),
        *(_key("statements", column, other, "SET NULL") for column, other in owners.items()),
    )
    for column in owners:
        op.create_index(f"ix_statements_{column}", "statements", [column])


def _safety_reports() -> None:
    op.create_table(
        "safety_reports",
        _id("request_id"),
        _id("person_id"),
        _id("community_id", is_needed=False),
        _words("stage"),
        sa.Column("rule_ids", sa.JSON(), nullable=False),
        _words("policy"),
        _words("sha256", length=64),
        _flag("is_certain"),
        _words("state", length=16),
        sa.Column("num_tries", sa.Integer(), nullable=False),
        _time("next_at", is_needed=True),
        _words("last_error"),
        *_with_id("safety_reports"),
        sa.UniqueConstraint("request_id", "sha256", name="uq_safety_reports_request_id_sha256"),
    )
    op.create_index("ix_safety_reports_person_id", "safety_reports", ["person_id"])
    op.create_index("ix_safety_reports_due", "safety_reports", ["state", "next_at"])


def _pauses() -> None:
    op.create_table(
        "pauses",
        _id("community_id", is_needed=False),
        _id("moderator_id", is_needed=False),
        _words("reason"),
        _time("ended_at"),
        *_with_id("pauses"),
        _key("pauses", "community_id", "communities"),
        _key("pauses", "moderator_id", "people", "SET NULL"),
    )
    for column in ("community_id", "moderator_id"):
        op.create_index(f"ix_pauses_{column}", "pauses", [column])


def _held_stages() -> None:
    op.create_table(
        "held_stages",
        _id("request_id"),
        _words("workflow_id"),
        _time("created_at", is_needed=True),
        sa.PrimaryKeyConstraint("request_id", name="pk_held_stages"),
        _key("held_stages", "request_id", "requests"),
    )


def _desk() -> None:
    op.create_table(
        "desk_links",
        _id("person_id"),
        _words("digest", length=64),
        _time("expires_at", is_needed=True),
        _time("used_at"),
        *_with_id("desk_links"),
        _key("desk_links", "person_id", "people"),
        sa.UniqueConstraint("digest", name="uq_desk_links_digest"),
    )
    op.create_table(
        "desk_sessions",
        _id("person_id"),
        _words("digest", length=64),
        _words("how", length=16),
        _time("expires_at", is_needed=True),
        _time("seen_at", is_needed=True),
        *_with_id("desk_sessions"),
        _key("desk_sessions", "person_id", "people"),
        sa.UniqueConstraint("digest", name="uq_desk_sessions_digest"),
    )
    for table in ("desk_links", "desk_sessions"):
        op.create_index(f"ix_{table}_person_id", table, ["person_id"])
