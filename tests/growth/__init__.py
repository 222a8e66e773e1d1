"""Time must grow no faster than the input: every public function that reads what strangers wrote is
measured on texts made to be slow.
"""
