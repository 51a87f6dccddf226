"""`backstep sim`: the whole firmware on a virtual pod, watched or on a pseudo-terminal."""
