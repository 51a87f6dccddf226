"""The pod's detectors as machine code on the laptop, made of core's own source where a C compiler is."""
