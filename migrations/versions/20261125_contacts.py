"""How people are reached: order, delays, verification, push."""


revision = "20261125_contacts"
down_revision = "20261125_channels"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
