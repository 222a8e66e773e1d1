"""Coverage-guided fuzzing of whatever reads what strangers wrote: `python -m tests.fuzz` (make
fuzz).

targets has the functions that are fed; corpus their first inputs, and every input that ever found
something. Each test run feeds them the whole corpus again.
"""
