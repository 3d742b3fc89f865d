"""Places in the engine: how many jobs it begins before one that waits there"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("job_progress") as progress:
        progress.add_column(sa.Column("ahead", sa.Integer(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("job_progress") as progress:
        progress.drop_column("ahead")
