"""What `benchmarks/arrange.py` is made of: lead sheets, arrangers, the judge, real music to compare with, tables."""
