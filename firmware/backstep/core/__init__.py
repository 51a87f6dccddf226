"""Integers in, integers out: no machine, clock, float, no allocation a sample; on top what several rooms use."""
