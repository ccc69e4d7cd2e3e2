"""What a roster breaks and costs: counted whole, and change by change."""
