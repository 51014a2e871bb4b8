"""Sending domains: their DKIM keys, signing, and what DNS must say of them."""
