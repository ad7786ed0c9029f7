"""Which cards look like one child: scored in named parts, found without comparing everybody with everybody (ALIKE.md)."""
