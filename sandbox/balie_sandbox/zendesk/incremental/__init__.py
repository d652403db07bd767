"""The incremental exports: what changed since a moment, for who must not miss anything."""
