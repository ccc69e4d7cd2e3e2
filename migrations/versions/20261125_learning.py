"""Reviews and the shift diary."""


revision = "20261125_learning"
down_revision = "20261125_shared_desk"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
