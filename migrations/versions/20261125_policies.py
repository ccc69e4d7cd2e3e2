"""Richer escalation policies and what moves a running incident."""


revision = "20261125_policies"
down_revision = "20261125_legal"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
