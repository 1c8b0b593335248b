"""Why something is no unit's is kept, and what letters say; links end as the terms say, passwords of others must be changed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_NOT_NOTED = "收到时没有记下原因"


def upgrade() -> None:
    """Change the tables."""
    op.create_table(
        "unowned",
        sa.Column("id", _NUMBER, nullable=False),
        sa.Column("arrival", _NUMBER, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("unit", _NUMBER, nullable=True),
        sa.Column("at", _NUMBER, nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["arrival"], ["arrival.id"], name=op.f("fk_unowned_arrival")),
        sa.ForeignKeyConstraint(["unit"], ["unit.id"], name=op.f("fk_unowned_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unowned")),
    )
    op.create_index("ix_unowned_arrival_id", "unowned", ["arrival", "id"], unique=False)
    op.create_index(op.f("ix_unowned_unit"), "unowned", ["unit"], unique=False)
    _explain_what_is_no_units()
    op.create_index(op.f("ix_unit_entry_name_key"), "unit_entry", ["name_key"], unique=False)
    op.create_index(op.f("ix_unit_entry_code_key"), "unit_entry", ["code_key"], unique=False)
    op.add_column(
        "office_user_entry", sa.Column("must_change", sa.Boolean(), server_default=sa.false(), nullable=False)
    )
    with op.batch_alter_table("unit_link") as table:
        table.drop_column("expires")
    with op.batch_alter_table("letter_turn") as table:
        table.add_column(sa.Column("text_digest", sa.Text(), nullable=True))
        table.create_foreign_key(op.f("fk_letter_turn_text_digest"), "content", ["text_digest"], ["digest"])


def _explain_what_is_no_units() -> None:
    arrival = sa.table("arrival", *(sa.column(name) for name in ("id", "at", "by")))
    owner = sa.table("assignment", sa.column("arrival"))
    unowned = sa.table("unowned", *(sa.column(name) for name in ("arrival", "kind", "reason", "at", "by")))
    told = sa.select(arrival.c.id, sa.literal("unknown"), sa.literal(_NOT_NOTED), arrival.c.at, arrival.c.by)
    strays = told.where(~sa.exists().where(owner.c.arrival == arrival.c.id))
    op.execute(sa.insert(unowned).from_select(["arrival", "kind", "reason", "at", "by"], strays))
