"""What waits for a person: records that contradict each other, that cannot be read, that came too early, that are doubtful.

Nothing waits unseen: each kind has a file here that finds it, says it in the reach of one worker's area, and settles it
when she says how. Whatever is decided about a record is an ordinary edit (records.py) and travels like all others.
"""
