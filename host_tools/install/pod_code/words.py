"""Words for short names: first those that every image of MicroPython has in its ROM, for they take no memory.

A name that is in no ROM takes 10 bytes of the pod's heap for good, and a place in a table that doubles when full.
"""

import itertools
import keyword
import string
from collections.abc import Iterator

# A .mpy tells these by a number [py/makeqstrdata.py, static_qstr_list], so every image has them. Left out are
# exceptions, and what means something to the compiler.
STATIC = """
abs all any append args builtins bytearray bytecode bytes callable chr classmethod clear copy count dict dir
divmod end endswith eval exec extend find format from_bytes get getattr globals hasattr hash id index insert
isalpha isdigit isinstance islower isspace issubclass isupper items iter join key keys len list little locals
lower lstrip main map next ord pop popitem pow range remove replace repr reverse rfind rindex round rsplit
rstrip sep set setattr setdefault sort sorted split startswith staticmethod step str strip sum to_bytes tuple
type update upper zip
"""
# Of builtins, math, cmath, struct, random, heapq, framebuf and uctypes, which an ESP32's image has.
COMMON = """
e pi tau nan inf acos acosh asin asinh atan atan2 atanh ceil copysign cosh degrees erf erfc exp expm1 fabs
factorial floor fmod frexp gamma isclose isfinite isinf isnan ldexp lgamma log10 log2 modf phase polar radians
sinh sqrt tan tanh trunc difference difference_update discard intersection intersection_update isdisjoint
issubset issuperset union symmetric_difference symmetric_difference_update center partition rpartition
splitlines calcsize pack pack_into unpack unpack_from choice getrandbits randint randrange uniform heapify
heappop heappush blit ellipse fill fill_rect hline pixel poly rect scroll vline bytes_at addressof sizeof
popleft appendleft dumps loads enumerate filter max min reversed slice bin hex oct
"""


def words() -> Iterator[str]:
    """Yield words that may be names, the cheapest first; there is no end to them."""
    yield from STATIC.split()
    yield from COMMON.split()
    for size in itertools.count(1):
        for letters in itertools.product(string.ascii_lowercase, repeat=size):
            if not keyword.iskeyword(word := "".join(letters)):
                yield word
