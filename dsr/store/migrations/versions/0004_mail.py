"""What a mail is and states, how far a server's folder was read, how a table's headings map."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

SORTS = (
    *("plain", "own", "bounce", "auto", "receipt", "calendar", "list"),
    *("flood", "authority", "form"),
)


def upgrade() -> None:
    """Add the columns and the tables."""
    op.create_table(
        "mailbox",
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("folder", sa.String(), nullable=False),
        sa.Column("uid_validity", sa.Integer(), nullable=False),
        sa.Column("last_uid", sa.Integer(), nullable=False),
        sa.Column("missing", sa.JSON(), nullable=False),
        sa.Column("read_at", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("account", "folder"),
    )
    op.create_table(
        "mapping",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("columns", sa.JSON(), nullable=False),
        sa.Column("officer", sa.String(), nullable=False),
        sa.Column("made_at", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "sort",
                sa.Enum(*SORTS, name="mailsort", native_enum=False, length=32),
                nullable=False,
                server_default="plain",
            )
        )
        batch_op.add_column(sa.Column("stated", sa.JSON(), nullable=True))
        batch_op.add_column(sa.Column("urgent", sa.Boolean(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("test", sa.Boolean(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("ticket", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("text_key", sa.String(), nullable=True))
        batch_op.create_index("ix_message_arrived_at", ["arrived_at"])
        batch_op.create_index("ix_message_sender", ["sender"])
        batch_op.create_index("ix_message_sort", ["sort"])
        batch_op.create_index("ix_message_ticket", ["ticket"])

    with op.batch_alter_table("ticket", schema=None) as batch_op:
        batch_op.add_column(sa.Column("test", sa.Boolean(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("silent", sa.Boolean(), nullable=False, server_default="0"))
