"""Sources: the catalog of what can send events here, and the sources that were added, with their write keys."""
