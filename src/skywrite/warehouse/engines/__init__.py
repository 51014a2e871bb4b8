"""One module a kind of warehouse, which holds all of that vendor's SQL."""
