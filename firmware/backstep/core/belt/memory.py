"""A small recurrent network over Motion's numbers, in integers: what the trunk did lately counts too.

(Cho et al., Learning phrase representations using RNN encoder-decoder, EMNLP 2014: gated recurrent units, in the
form that resets after the recurrent product.) Each unit holds a state h in +-1 and takes inputs x:

    r = sigmoid(Wr x + Ur h + br)        z = sigmoid(Wz x + Uz h + bz)
    n = tanh(Wn x + bn + r (Un h + cn))  h = n + z (h - n)

One more row of weights makes the score. Inputs and states are Q14, sums Q10; a weight has 8 bits, each row of W,
of U and of the score a scale of its own.
"""

from array import array

from ..compat import const, ptr8, ptr16, ptr32, viper

INPUTS = const(16)  # as many as Motion has numbers
TOGETHER = const(6)  # rows whose weights lie side by side, column by column
_FIRST_STATE = const(17)  # column; behind the inputs, and behind the states, stands what sums begin with
_MIDDLE = const(32768)  # 0, as biases are kept; of weights it is 128
_LAST = const(256)  # of tanhs
_TANH_STEP_Q28 = 4193963  # tanh(1 / 64)


@viper
def _step(x: int, k: int, values, weights, shifts, table, columns, sums, units: int) -> int:
    """Take Motion's values; return the score [1/32].

    x, k: 0.  A processor has registers for the first two names alone, so these are used most.
    """
    _take(values, shifts, columns, 6 * units + 1)
    w = ptr8(weights)
    column = ptr32(columns)
    total = ptr32(sums)
    rows = 3 * units
    row = 0
    i = 0
    end = INPUTS
    while row < 2 * rows:
        if row == rows:
            end = _FIRST_STATE + units
        a = b = c = d = e = f = column[end]
        i = 0 if row < rows else _FIRST_STATE
        while i < end:
            x = column[i]
            a = w[k] * x + a
            b = w[k + 1] * x + b
            c = w[k + 2] * x + c
            d = w[k + 3] * x + d
            e = w[k + 4] * x + e
            f = w[k + 5] * x + f
            k += TOGETHER
            i += 1
        _keep(total, row, a, b, c, d, e, f)
        row += TOGETHER
    x = 0
    k = rows
    return _remember(x, k, total, shifts, table, column, w, units)


@viper
def _take(values, shifts, columns, at: int):
    """Set the columns of the inputs: 8 bits of each, +-4 at most.  at: where their shifts begin."""
    v = ptr32(values)
    shift = ptr8(shifts)
    column = ptr32(columns)
    less = 0
    i = 0
    while i < INPUTS:
        x = v[i] >> shift[at + i]
        x = 127 if x > 127 else -128 if x < -128 else x
        column[i] = x << 9
        less -= x << 16
        i += 1
    column[INPUTS] = less


@viper
def _keep(total, row: int, a: int, b: int, c: int, d: int, e: int, f: int):
    """Set the sums of rows that lie together."""
    total[row] = a
    total[row + 1] = b
    total[row + 2] = c
    total[row + 3] = d
    total[row + 4] = e
    total[row + 5] = f


@viper
def _remember(row: int, over: int, total, shifts, table, column, w, units: int) -> int:
    """Set the states by the sums; return the score [1/32].  row, over: 0, first row of sums over states."""
    shift = ptr8(shifts)
    bias = ptr16(table)
    tanhs = 4 * units + 1
    n = 2 * units  # first row of what is no gate
    k = over * (INPUTS + units)
    rows = over
    score = 0
    less = 0
    row = 0
    while row < rows:
        by = (total[row] >> shift[row]) + bias[row] - _MIDDLE
        if row >= n:
            sum = (total[over] >> shift[over]) + bias[row + units] - _MIDDLE
            sum = 32767 if sum > 32767 else -32768 if sum < -32768 else sum
            by += (total[row - n] * sum) >> 14
            by += by
        else:
            by += total[over] >> shift[over]
        sign = by >> 31
        at = (((by ^ sign) - sign) + 16) >> 5
        if at > _LAST:
            at = _LAST
        y = (bias[tanhs + at] ^ sign) - sign
        if row < n:
            total[row] = (y + 16384) >> 1
        else:
            at = row - n + _FIRST_STATE
            y += (total[row - units] * (column[at] - y)) >> 14
            column[at] = y
            less -= y << 7
            score += w[k] * y
            k += 1
        row += 1
        over += 1
    column[_FIRST_STATE + units] = less
    return (((score + less) >> shift[over]) + bias[4 * units] - _MIDDLE + 16) >> 5


class Memory:
    """Remembers what it was stepped on, every 26th of a second."""

    def __init__(self, network):
        """Take a network: weights, shifts, biases as bytes, as host_tools/train/network.py makes them.

        ValueError where they are no network's.
        """
        self._weights, self._shifts, biases = network
        self._units = units = len(biases) // 8
        want = (3 * units * (INPUTS + units) + units, 6 * units + 1 + INPUTS, 2 * (4 * units + 1))
        lengths = (len(self._weights), len(self._shifts), len(biases))
        if lengths != want or not units or units % 2:
            raise ValueError("network of %d units: %s bytes, want %s, and units by twos" % (units, lengths, want))
        self._table = array("H", biases + bytearray(2 * (_LAST + 1)))
        y = 0  # Q28
        for i in range(4 * units + 1, len(self._table)):
            self._table[i] = (y + (1 << 13)) >> 14
            y = ((y + _TANH_STEP_Q28) << 28) // ((1 << 28) + (y * _TANH_STEP_Q28 >> 28))
        self._columns = array("i", bytearray(4 * (_FIRST_STATE + units + 1)))
        self._sums = array("i", bytearray(4 * 6 * units))

    def restart(self) -> None:
        """Forget what was."""
        for i in range(len(self._columns)):
            self._columns[i] = 0

    def step(self, values) -> int:
        """Take the values of a Motion; return the score [1/32 of a logit]."""
        return _step(
            0, 0, values, self._weights, self._shifts, self._table, self._columns, self._sums, self._units
        )
