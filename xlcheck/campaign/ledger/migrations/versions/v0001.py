"""The first tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make all tables."""
    op.create_table(
        "campaign",
        sa.Column("id", _NUMBER, nullable=False),
        sa.Column("form", sa.Text(), nullable=False),
        sa.Column("year", _NUMBER, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("created", _NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign")),
        sa.UniqueConstraint("form", "year", "name", name=op.f("uq_campaign_form_year_name")),
    )
    op.create_table(
        "content",
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("size", _NUMBER, nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_content")),
    )
    op.create_table(
        "office_user",
        sa.Column("id", _NUMBER, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_office_user")),
        sa.UniqueConstraint("name", name=op.f("uq_office_user_name")),
    )
    op.create_table(
        "api_token",
        sa.Column("id", _NUMBER, nullable=False),
        sa.Column("campaign", _NUMBER, nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("created", _NUMBER, nullable=False),
        sa.Column("expires", _NUMBER, nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("revoked", _NUMBER, nullable=True),
        sa.ForeignKeyConstraint(["campaign"], ["campaign.id"], name=op.f("fk_api_token_campaign")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_token")),
        sa.UniqueConstraint("hash", name=op.f("uq_api_token_hash")),
    )
    op.create_index(op.f("ix_api_token_campaign"), "api_token", ["campaign"], unique=False)
    op.create_table(
        "arrival",
        sa.Column("id", _NUMBER, nullable=False),
        sa.Column("campaign", _NUMBER, nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("at", _NUMBER, nullable=False),
        sa.Column("way", sa.Text(), nullable=False),
        sa.Column("sender", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("receipt", sa.Text(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["campaign"], ["campaign.id"], name=op.f("fk_arrival_campaign")),
        sa.ForeignKeyConstraint(["digest"], ["content.digest"], name=op.f("fk_arrival_digest")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_arrival")),
        sa.UniqueConstraint("receipt", name=op.f("uq_arrival_receipt")),
    )
    op.create_index(op.f("ix_arrival_campaign"), "arrival", ["campaign"], unique=False)
    op.create_index(
        "uq_arrival_campaign_origin",
        "arrival",
        ["campaign", "origin"],
        unique=True,
        sqlite_where=sa.text("origin <> ''"),
        postgresql_where=sa.text("origin <> ''"),
    )
    op.create_table(
        "audit_line",
        sa.Column("id", _NUMBER, nullable=False),
        sa.Column("campaign", _NUMBER, nullable=True),
        sa.Column("at", _NUMBER, nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["campaign"], ["campaign.id"], name=op.f("fk_audit_line_campaign")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_line")),
    )
    op.create_index(op.f("ix_audit_line_campaign"), "audit_line", ["campaign"], unique=False)
    op.create_table(
        "office_session",
        sa.Column("id", _NUMBER, nullable=False),
        sa.Column("office_user", _NUMBER, nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("created", _NUMBER, nullable=False),
        sa.Column("expires", _NUMBER, nullable=False),
        sa.ForeignKeyConstraint(["office_user"], ["office_user.id"], name=op.f("fk_office_session_office_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_office_session")),
        sa.UniqueConstraint("hash", name=op.f("uq_office_session_hash")),
    )
    op.create_index(op.f("ix_office_session_office_user"), "office_session", ["office_user"], unique=False)
    op.create_table(
        "office_user_entry",
        sa.Column("id", _NUMBER, nullable=False),
        sa.Column("office_user", _NUMBER, nullable=False),
        sa.Column("password", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("disabled", sa.Boolean(), nullable=False),
        sa.Column("at", _NUMBER, nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["office_user"], ["office_user.id"], name=op.f("fk_office_user_entry_office_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_office_user_entry")),
    )
    op.create_index("ix_office_user_entry_office_user_id", "office_user_entry", ["office_user", "id"], unique=False)
    op.create_table(
        "terms",
        sa.Column("id", _NUMBER, nullable=False),
        sa.Column("campaign", _NUMBER, nullable=False),
        sa.Column("office", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("reply_to", sa.Text(), nullable=False),
        sa.Column("deadline", sa.Text(), nullable=False),
        sa.Column("at", _NUMBER, nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["campaign"], ["campaign.id"], name=op.f("fk_terms_campaign")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_terms")),
    )
    op.create_index(op.f("ix_terms_campaign"), "terms", ["campaign"], unique=False)
    op.create_table(
        "unit",
        sa.Column("id", _NUMBER, nullable=False),
        sa.Column("campaign", _NUMBER, nullable=False),
        sa.ForeignKeyConstraint(["campaign"], ["campaign.id"], name=op.f("fk_unit_campaign")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit")),
    )
    op.create_index(op.f("ix_unit_campaign"), "unit", ["campaign"], unique=False)
    op.create_table(
        "arrival_check",
        sa.Column("id", _NUMBER, nullable=False),
        sa.Column("arrival", _NUMBER, nullable=False),
        sa.Column("at", _NUMBER, nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("review", sa.Boolean(), nullable=False),
        sa.Column("errors", _NUMBER, nullable=False),
        sa.Column("warnings", _NUMBER, nullable=False),
        sa.Column("copy", sa.Text(), nullable=True),
        sa.Column("suffix", sa.Text(), nullable=False),
        sa.Column("last_year", sa.Text(), nullable=False),
        sa.Column("drawn", sa.Text(), nullable=True),
        sa.Column("entry", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["arrival"], ["arrival.id"], name=op.f("fk_arrival_check_arrival")),
        sa.ForeignKeyConstraint(["copy"], ["content.digest"], name=op.f("fk_arrival_check_copy")),
        sa.ForeignKeyConstraint(["drawn"], ["content.digest"], name=op.f("fk_arrival_check_drawn")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_arrival_check")),
    )
    op.create_index("ix_arrival_check_arrival_id", "arrival_check", ["arrival", "id"], unique=False)
    op.create_table(
        "assignment",
        sa.Column("id", _NUMBER, nullable=False),
        sa.Column("arrival", _NUMBER, nullable=False),
        sa.Column("unit", _NUMBER, nullable=False),
        sa.Column("at", _NUMBER, nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["arrival"], ["arrival.id"], name=op.f("fk_assignment_arrival")),
        sa.ForeignKeyConstraint(["unit"], ["unit.id"], name=op.f("fk_assignment_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignment")),
    )
    op.create_index("ix_assignment_arrival_id", "assignment", ["arrival", "id"], unique=False)
    op.create_index(op.f("ix_assignment_unit"), "assignment", ["unit"], unique=False)
    op.create_table(
        "decision",
        sa.Column("id", _NUMBER, nullable=False),
        sa.Column("arrival", _NUMBER, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("at", _NUMBER, nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["arrival"], ["arrival.id"], name=op.f("fk_decision_arrival")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision")),
    )
    op.create_index("ix_decision_arrival_id", "decision", ["arrival", "id"], unique=False)
    op.create_table(
        "reminder",
        sa.Column("id", _NUMBER, nullable=False),
        sa.Column("unit", _NUMBER, nullable=False),
        sa.Column("way", sa.Text(), nullable=False),
        sa.Column("round", _NUMBER, nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("at", _NUMBER, nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["unit"], ["unit.id"], name=op.f("fk_reminder_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminder")),
    )
    op.create_index(op.f("ix_reminder_unit"), "reminder", ["unit"], unique=False)
    op.create_table(
        "unit_entry",
        sa.Column("id", _NUMBER, nullable=False),
        sa.Column("unit", _NUMBER, nullable=False),
        sa.Column("place", _NUMBER, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("parent", sa.Text(), nullable=False),
        sa.Column("contact", sa.Text(), nullable=False),
        sa.Column("cc", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("reports", sa.Text(), nullable=False),
        sa.Column("name_key", sa.Text(), nullable=False),
        sa.Column("code_key", sa.Text(), nullable=False),
        sa.Column("hands_in", sa.Boolean(), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.Column("at", _NUMBER, nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["unit"], ["unit.id"], name=op.f("fk_unit_entry_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit_entry")),
    )
    op.create_index("ix_unit_entry_unit_id", "unit_entry", ["unit", "id"], unique=False)
    op.create_table(
        "unit_link",
        sa.Column("id", _NUMBER, nullable=False),
        sa.Column("unit", _NUMBER, nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("created", _NUMBER, nullable=False),
        sa.Column("expires", _NUMBER, nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("revoked", _NUMBER, nullable=True),
        sa.ForeignKeyConstraint(["unit"], ["unit.id"], name=op.f("fk_unit_link_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit_link")),
        sa.UniqueConstraint("hash", name=op.f("uq_unit_link_hash")),
    )
    op.create_index(op.f("ix_unit_link_unit"), "unit_link", ["unit"], unique=False)
    op.create_table(
        "warning_reply",
        sa.Column("id", _NUMBER, nullable=False),
        sa.Column("arrival", _NUMBER, nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("cells", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", _NUMBER, nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["arrival"], ["arrival.id"], name=op.f("fk_warning_reply_arrival")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_warning_reply")),
    )
    op.create_index(
        "ix_warning_reply_arrival_code_cells_id", "warning_reply", ["arrival", "code", "cells", "id"], unique=False
    )
    op.create_table(
        "office_answer",
        sa.Column("id", _NUMBER, nullable=False),
        sa.Column("reply", _NUMBER, nullable=False),
        sa.Column("accepted", sa.Boolean(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("at", _NUMBER, nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["reply"], ["warning_reply.id"], name=op.f("fk_office_answer_reply")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_office_answer")),
    )
    op.create_index("ix_office_answer_reply_id", "office_answer", ["reply", "id"], unique=False)
    op.create_table(
        "warning",
        sa.Column("id", _NUMBER, nullable=False),
        sa.Column("check", _NUMBER, nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("cells", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["check"], ["arrival_check.id"], name=op.f("fk_warning_check")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_warning")),
        sa.UniqueConstraint("check", "code", "cells", name=op.f("uq_warning_check_code_cells")),
    )
    op.create_table(
        "letter",
        sa.Column("id", _NUMBER, nullable=False),
        sa.Column("unit", _NUMBER, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["unit"], ["unit.id"], name=op.f("fk_letter_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter")),
        sa.UniqueConstraint("message_id", name=op.f("uq_letter_message_id")),
        sa.UniqueConstraint("unit", "kind", "content", name=op.f("uq_letter_unit_kind_content")),
    )
    op.create_table(
        "letter_turn",
        sa.Column("id", _NUMBER, nullable=False),
        sa.Column("letter", _NUMBER, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("date", _NUMBER, nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("recipients", sa.Text(), nullable=False),
        sa.Column("attachment", sa.Text(), nullable=False),
        sa.Column("file", sa.Text(), nullable=False),
        sa.Column("file_digest", sa.Text(), nullable=False),
        sa.Column("moved", _NUMBER, nullable=False),
        sa.Column("at", _NUMBER, nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["letter"], ["letter.id"], name=op.f("fk_letter_turn_letter")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter_turn")),
    )
    op.create_index("ix_letter_turn_letter_id", "letter_turn", ["letter", "id"], unique=False)
    op.create_table(
        "letter_delivery",
        sa.Column("id", _NUMBER, nullable=False),
        sa.Column("letter", _NUMBER, nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("fate", sa.Text(), nullable=False),
        sa.Column("reply", sa.Text(), nullable=False),
        sa.Column("at", _NUMBER, nullable=False),
        sa.ForeignKeyConstraint(["letter"], ["letter.id"], name=op.f("fk_letter_delivery_letter")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter_delivery")),
    )
    op.create_index(op.f("ix_letter_delivery_letter"), "letter_delivery", ["letter"], unique=False)
