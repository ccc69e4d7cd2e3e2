"""The auditor."""


revision = "20261125_watch"
down_revision = "20261125_learning"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
