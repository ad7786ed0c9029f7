"""The demonstration: a believable small NTB, made anew from a seed. No real person is in it."""
