"""Uji kader: ten measured cases with a score. Each trial draws other numbers.

What is right is asked of growth/, never written here.

case       a case, its pictures and its two kinds of answers
reading    read a scale, a length board, a LiLA tape, an age
judging    lying or standing, N or T, the red line, which advice, which measure is doubtful, swollen feet
trial      the ten in their order, drawn from a seed
marking    is an answer right, and how near is near enough
keeping    the trials of this machine: table exam, never sent
"""
