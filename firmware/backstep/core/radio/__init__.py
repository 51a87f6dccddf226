"""What goes through the air, byte by byte."""
