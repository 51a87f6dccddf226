"""The radio: who listens nearby, and the pods of the same wearer; loaded where it is switched on."""
