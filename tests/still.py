"""A world for the virtual pod where nothing moves."""


class Still:
    """A pod that lies flat; its last digit has noise, as a sensor that works has."""

    temperature_c = 25.0

    def row(self, index, rate_hz):
        return index % 2, 0, 1000, 0, 0, 0
