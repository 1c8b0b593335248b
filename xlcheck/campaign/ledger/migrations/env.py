"""What Alembic runs: the migrations, in the transaction and under the lock of whoever opens the ledger."""

from __future__ import annotations

from alembic import context

from xlcheck.campaign.ledger.schema import METADATA

_GIVEN = context.config.attributes

context.configure(
    connection=_GIVEN["connection"],
    version_table=_GIVEN["version_table"],
    target_metadata=METADATA,
    render_as_batch=True,
)
context.run_migrations()
