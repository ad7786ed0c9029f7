"""Growth of children: WHO's arithmetic and Kemenkes' rules. Pure: no web, no database, no clock."""
