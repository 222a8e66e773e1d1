"""Training beside nanoGPT and transformers; see `__main__.py`."""
