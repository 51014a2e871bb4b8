"""Templates: checked and compiled at publish, rendered for one recipient."""
