"""Every file's bytes pass here before any parser sees them."""
