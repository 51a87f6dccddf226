/* What Python does and C does not: indices and values are looked at, division rounds down.
   The first fault is kept; what comes after it is never shown to anybody. */

enum { INDEX = 1, RANGE, ZERO, SHIFT, RAISED };

static inline int64_t fault(ctx *c, int64_t which)
{
    if (!c->fault)
        c->fault = which;
    return 0;
}

static inline int64_t at(ctx *c, int64_t i, int64_t size)
{
    if (i < 0)
        i += size;
    return i >= 0 && i < size ? i : fault(c, INDEX);
}

#define FITS(type) \
    static inline type fit_##type(ctx *c, int64_t v) { return (type)v == v ? (type)v : (type)fault(c, RANGE); }
FITS(int8_t) FITS(uint8_t) FITS(int16_t) FITS(uint16_t) FITS(int32_t) FITS(uint32_t) FITS(int64_t)

static inline int64_t floor_div(ctx *c, int64_t a, int64_t b)
{
    if (!b)
        return fault(c, ZERO);
    if ((uint64_t)(a | b) >> 32 == 0)
        return (uint32_t)a / (uint32_t)b; /* a quick one on most machines */
    return a / b - (a % b != 0 && (a < 0) != (b < 0));
}

static inline int64_t floor_mod(ctx *c, int64_t a, int64_t b)
{
    return a - floor_div(c, a, b) * b;
}

static inline int64_t left(ctx *c, int64_t a, int64_t bits)
{
    return bits >= 0 && bits < 63 ? a << bits : fault(c, SHIFT);
}

static inline int64_t right(ctx *c, int64_t a, int64_t bits)
{
    return bits < 0 ? fault(c, SHIFT) : a >> (bits < 63 ? bits : 63);
}
