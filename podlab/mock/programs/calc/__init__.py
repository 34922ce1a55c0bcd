"""bc and dc: calculators of any precision."""
