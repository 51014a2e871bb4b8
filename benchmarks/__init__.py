"""Measures Skywrite on the machine at hand, the load generator included: `python -m benchmarks`, or `make bench`."""
