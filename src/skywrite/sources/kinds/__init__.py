"""One module a kind of source. Adding one here adds it to the catalog; nothing else changes."""
