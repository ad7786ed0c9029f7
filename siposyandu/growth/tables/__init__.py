"""WHO's tables as one compact file. SOURCES.md says where they come from; make_tables.py makes the file."""
