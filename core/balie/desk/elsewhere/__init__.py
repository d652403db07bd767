"""One conversation over several channels: codes, links, threads, and who waits."""
