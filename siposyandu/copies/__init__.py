"""Copies of a place's database: made by themselves, encrypted always, proved by a real restore, kept where a thief is not.

content.py     what a copy holds: the database row by row, read at one moment
sealed.py      the file: a readable head, an encrypted body, a fingerprint of both
locks.py       who can open it: the vault of a laptop, the recovery key of an office
rotation.py    which older copies are kept
shelves.py     where copies lie: this laptop, a flash disk, a folder; written whole or not at all
making.py      when a copy is due, and making it
proving.py     the monthly proof
"""
