"""The simulator: laptops, a province and every trouble they may meet, in one process and under one seed.

What runs here is the product's own sync code, never a model of it. Only what surrounds it is made up: the road, the clock,
the power, the disk's room, the people who type. An oracle that the code never sees knows what was typed, what its author
had seen and what was acknowledged, and checks the invariants of the protocol after every step and at rest.
"""
