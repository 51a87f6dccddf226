"""The parts of the documents that are made from code."""
