"""What leaves the store: the proof behind findings, as folders, as WARC, as EARL."""
