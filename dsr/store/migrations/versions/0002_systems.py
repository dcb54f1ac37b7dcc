"""Work in the sources: plans, the erasure ledger, suppressions; links, attachments, permits."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the tables of work in the sources, and the columns that go with them."""
    op.create_table(
        "attachment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ticket", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("kept", sa.Boolean(), nullable=False),
        sa.Column("officer", sa.String(), nullable=False),
        sa.Column("at", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(
            ["ticket"],
            ["ticket.number"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("attachment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_attachment_ticket"), ["ticket"], unique=False)

    op.create_table(
        "erasure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ticket", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("collection", sa.String(), nullable=False),
        sa.Column("lookup", sa.String(), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("at", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(
            ["ticket"],
            ["ticket.number"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("erasure", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_erasure_lookup"), ["lookup"], unique=False)
        batch_op.create_index(batch_op.f("ix_erasure_ticket"), ["ticket"], unique=False)

    op.create_table(
        "link",
        sa.Column("ticket", sa.Integer(), nullable=False),
        sa.Column("other", sa.Integer(), nullable=False),
        sa.Column("at", sa.String(length=20), nullable=False),
        sa.Column("officer", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["other"],
            ["ticket.number"],
        ),
        sa.ForeignKeyConstraint(
            ["ticket"],
            ["ticket.number"],
        ),
        sa.PrimaryKeyConstraint("ticket", "other"),
    )
    with op.batch_alter_table("link", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_link_other"), ["other"], unique=False)

    op.create_table(
        "permit",
        sa.Column("ticket", sa.Integer(), nullable=False),
        sa.Column("officer", sa.String(), nullable=False),
        sa.Column("approver", sa.String(), nullable=False),
        sa.Column("at", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(
            ["ticket"],
            ["ticket.number"],
        ),
        sa.PrimaryKeyConstraint("ticket", "officer"),
    )
    op.create_table(
        "plan",
        sa.Column("ticket", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("items_hash", sa.String(), nullable=False),
        sa.Column("cells", sa.Integer(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("left", sa.Integer(), nullable=False),
        sa.Column("by_hand", sa.JSON(), nullable=False),
        sa.Column("found", sa.JSON(), nullable=False),
        sa.Column("undecided", sa.JSON(), nullable=False),
        sa.Column("made_at", sa.String(length=20), nullable=False),
        sa.Column("officer", sa.String(), nullable=False),
        sa.Column("destroy_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["ticket"],
            ["ticket.number"],
        ),
        sa.PrimaryKeyConstraint("ticket"),
    )
    op.create_table(
        "plan_part",
        sa.Column("ticket", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum("planned", "begun", "done", name="partstate", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("cells", sa.Integer(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("officer", sa.String(), nullable=True),
        sa.Column("run", sa.String(), nullable=True),
        sa.Column("begun_at", sa.String(length=20), nullable=True),
        sa.Column("done_at", sa.String(length=20), nullable=True),
        sa.ForeignKeyConstraint(
            ["ticket"],
            ["ticket.number"],
        ),
        sa.PrimaryKeyConstraint("ticket", "source"),
    )
    with op.batch_alter_table("plan_part", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_plan_part_state"), ["state"], unique=False)

    op.create_table(
        "suppression",
        sa.Column(
            "type",
            sa.Enum(
                "email",
                "phone",
                "account",
                "name",
                "open_id",
                "order",
                name="identifiertype",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("lookup", sa.String(), nullable=False),
        sa.Column(
            "scope",
            sa.Enum(
                "marketing",
                "consent",
                "objection",
                "cookies",
                name="scope",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("ticket", sa.Integer(), nullable=False),
        sa.Column("follows", sa.String(), nullable=True),
        sa.Column("at", sa.String(length=20), nullable=False),
        sa.Column("ended_at", sa.String(length=20), nullable=True),
        sa.ForeignKeyConstraint(
            ["ticket"],
            ["ticket.number"],
        ),
        sa.PrimaryKeyConstraint("type", "lookup", "scope"),
    )
    with op.batch_alter_table("suppression", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_suppression_ticket"), ["ticket"], unique=False)

    with op.batch_alter_table("source", schema=None) as batch_op:
        read_only = sa.Column("read_only", sa.Boolean(), nullable=False, server_default=sa.false())
        batch_op.add_column(read_only)  # the rows that are there need a value

    with op.batch_alter_table("ticket", schema=None) as batch_op:
        batch_op.add_column(sa.Column("held_at", sa.String(length=20), nullable=True))
        batch_op.add_column(sa.Column("instructed_by", sa.String(), nullable=True))

    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.create_index("ix_event_action", ["action", "ticket"], unique=False)

    with op.batch_alter_table("letter", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_letter_state"), ["state"], unique=False)

    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_message_outcome"), ["outcome"], unique=False)

    with op.batch_alter_table("task", schema=None) as batch_op:
        batch_op.create_index("ix_task_state", ["state", "due_on"], unique=False)
