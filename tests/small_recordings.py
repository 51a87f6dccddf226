"""Small recordings that are made up: tables, and what a folder of sets says of one."""

import numpy as np

HEADER = "ax_mg,ay_mg,az_mg,gx_ddps,gy_ddps,gz_ddps\n"
ENTRY = {"archive": "all.npz", "key": "one", "rate_hz": 100, "frame": "body", "gyro": True, "position": "waist"}
ROW = (30, -20, 1004, 1, -2, 3)


def noisy(rows, *row):
    rng = np.random.default_rng(5)
    return (np.tile(row or ROW, (rows, 1)) + rng.integers(-6, 7, (rows, 6))).astype(np.int16)


def table(path, rows, head="# rate_hz=100 placement=belt\n" + HEADER):
    path.write_text(head + "".join(",".join(str(value) for value in row) + "\n" for row in rows))
    return path
