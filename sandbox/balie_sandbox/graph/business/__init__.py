"""What hangs on a business number beside its messages: profile, codes, settings, block list."""
