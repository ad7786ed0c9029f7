"""A made-up village to try the measurement guard on: children who grow as children do, kaders who measure as kaders do.

Nothing here knows the guard, and the guard knows nothing of this: what both share are WHO's tables of lengths and
weights. The children grow in jumps between illnesses; the guard thinks of smooth curves with normal noise. The numbers
below are from the literature on growth, named where they stand; none was fitted to the guard.

growing    how one child truly grows, from birth to five years
tools      scales, boards, tapes and the hands that read them
living     a child's visits to the posyandu, its brothers and sisters, the strangers in the queue
faults     what goes wrong, one thing at a time
trial      seeded children, each measurement asked about once faultless and once with each fault
table      the results as counts with their intervals
"""
