"""Dates that an authority or a notice sets, the monitor's reminders, items down to a field."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add the columns and the table."""
    op.create_table(
        "reminder",
        sa.Column("ticket", sa.Integer(), nullable=False),
        sa.Column("tier", sa.String(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("at", sa.String(length=20), nullable=False),
        sa.Column("officer", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["ticket"],
            ["ticket.number"],
        ),
        sa.PrimaryKeyConstraint("ticket", "tier", "due_on"),
    )
    with op.batch_alter_table("item", schema=None) as batch_op:
        batch_op.add_column(sa.Column("field", sa.String(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("held_at", sa.String(length=20), nullable=True))

    with op.batch_alter_table("package", schema=None) as batch_op:
        batch_op.add_column(sa.Column("items_hash", sa.String(), nullable=False, server_default=""))

    with op.batch_alter_table("ticket", schema=None) as batch_op:
        batch_op.add_column(sa.Column("extended_to_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("authority_due_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("breached_at", sa.String(length=20), nullable=True))
        batch_op.add_column(sa.Column("complaint", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("item_numbers", sa.JSON(), nullable=True))
        batch_op.add_column(sa.Column("late_after_on", sa.Date(), nullable=True))

    with op.batch_alter_table("clock", schema=None) as batch_op:
        batch_op.add_column(sa.Column("late_after_on", sa.Date(), nullable=True))

    op.execute("UPDATE ticket SET late_after_on = due_on")
    op.execute("UPDATE clock SET late_after_on = due_legal_on")
