"""What may befall a user's work, tried: `python -m tests.faults` (make soak) tries it thousands of
times and writes docs/reliability.md.

core counts what was tried and what was lost; commands runs the three commands in forked children,
which can be killed at any moment; material makes small caches and runs for them; wiki is a server
that fails on demand. network, process, disk and inputs hold the trials; day is a day's fetching in
some minutes, mediawiki a fetch from a real wiki whose limits come and go.
"""
