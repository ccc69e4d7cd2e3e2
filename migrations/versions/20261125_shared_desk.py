"""Shared desk computers."""


revision = "20261125_shared_desk"
down_revision = "20261125_reports"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
