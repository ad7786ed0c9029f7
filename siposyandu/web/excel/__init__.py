"""Excel in both directions: lists to take out, and files that come back, checked whole before anything is written."""
