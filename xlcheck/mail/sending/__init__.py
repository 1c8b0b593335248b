"""Letters out: each unit's own result to it, nothing twice, and in doubt not at all."""
