"""Matching: which place would last for whom. `engine/` is pure; the pages and decisions come around it."""
