"""Every file's bytes pass here before any parser sees them: they become a package within the limits, or are refused."""
