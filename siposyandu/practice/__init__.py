"""The practice posyandu: ghost children to weigh and to make mistakes with. Nothing of it is ever sent or counted."""
