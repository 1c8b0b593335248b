"""A year's campaign (报送台账): what an office does, and the ledger in which all of it stands."""
