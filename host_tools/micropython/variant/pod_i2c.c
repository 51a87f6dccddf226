// machine.I2C as ports/esp32/machine_i2c.c has it: same arguments, same errors; the bus is the host's.
#include "py/mperrno.h"
#include "py/mphal.h"
#include "py/runtime.h"
#include "extmod/modmachine.h"
#include "pod_pin.h"
#include "podlink.h"

#define I2C_COUNT (2)
#define TIMEOUT_US (50000)
#define PART_COUNT (8)

typedef struct {
    mp_obj_base_t base;
    uint8_t id;
    uint8_t scl;
    uint8_t sda;
    uint32_t freq_hz;
} machine_hw_i2c_obj_t;

extern const mp_obj_type_t machine_i2c_type;
static machine_hw_i2c_obj_t controllers[I2C_COUNT] = {{ .scl = 18, .sda = 19 }, { .id = 1, .scl = 25, .sda = 26 }};

static int i2c_transfer(mp_obj_base_t *self_in, uint16_t address, size_t n, mp_machine_i2c_buf_t *bufs, unsigned int flags) {
    machine_hw_i2c_obj_t *self = (machine_hw_i2c_obj_t *)self_in;
    bool reads = flags & MP_MACHINE_I2C_FLAG_READ;
    pod_part_t parts[PART_COUNT];
    size_t written = 0;
    while (n && (!reads || (flags & MP_MACHINE_I2C_FLAG_WRITE1))) {
        flags &= ~MP_MACHINE_I2C_FLAG_WRITE1;
        if (written == PART_COUNT) {
            return -MP_EINVAL;
        }
        parts[written++] = (pod_part_t) { bufs->buf, bufs->len };
        --n;
        ++bufs;
    }
    pod_request_t request = {
        .op = POD_I2C_TRANSFER, .a = self->id, .b = address, .c = reads ? bufs->len : 0,
        .d = (written ? POD_I2C_WRITES : 0) | (reads ? POD_I2C_READS : 0)
            | (flags & MP_MACHINE_I2C_FLAG_STOP ? POD_I2C_STOPS : 0),
    };
    return podlink_ask_parts(&request, parts, written, reads ? bufs->buf : NULL, request.c);
}

static void i2c_print(const mp_print_t *print, mp_obj_t self_in, mp_print_kind_t kind) {
    (void)kind;
    machine_hw_i2c_obj_t *self = MP_OBJ_TO_PTR(self_in);
    mp_printf(print, "I2C(%u, scl=%u, sda=%u, freq=%u)", self->id, self->scl, self->sda, (unsigned)self->freq_hz);
}

static mp_obj_t i2c_make_new(const mp_obj_type_t *type, size_t n_args, size_t n_kw, const mp_obj_t *all_args) {
    (void)type;
    enum { ARG_id, ARG_scl, ARG_sda, ARG_freq, ARG_timeout };
    static const mp_arg_t allowed_args[] = {
        { MP_QSTR_id, MP_ARG_INT, {.u_int = 0} },
        { MP_QSTR_scl, MP_ARG_KW_ONLY | MP_ARG_OBJ, {.u_obj = MP_OBJ_NULL} },
        { MP_QSTR_sda, MP_ARG_KW_ONLY | MP_ARG_OBJ, {.u_obj = MP_OBJ_NULL} },
        { MP_QSTR_freq, MP_ARG_KW_ONLY | MP_ARG_INT, {.u_int = 400000} },
        { MP_QSTR_timeout, MP_ARG_KW_ONLY | MP_ARG_INT, {.u_int = TIMEOUT_US} },
    };
    mp_arg_val_t args[MP_ARRAY_SIZE(allowed_args)];
    mp_arg_parse_all_kw_array(n_args, n_kw, all_args, MP_ARRAY_SIZE(allowed_args), allowed_args, args);
    mp_int_t id = args[ARG_id].u_int;
    if (id < 0 || id >= I2C_COUNT) {
        mp_raise_msg_varg(&mp_type_ValueError, MP_ERROR_TEXT("I2C(%d) doesn't exist"), id);
    }
    pod_require_link();
    machine_hw_i2c_obj_t *self = &controllers[id];
    self->base.type = &machine_i2c_type;
    if (args[ARG_scl].u_obj != MP_OBJ_NULL) {
        self->scl = pod_pin_gpio(args[ARG_scl].u_obj);
    }
    if (args[ARG_sda].u_obj != MP_OBJ_NULL) {
        self->sda = pod_pin_gpio(args[ARG_sda].u_obj);
    }
    self->freq_hz = args[ARG_freq].u_int;
    podlink_do(POD_I2C_INIT, id, self->scl | self->sda << 8, self->freq_hz, 0);
    return MP_OBJ_FROM_PTR(self);
}

static const mp_machine_i2c_p_t i2c_protocol = {
    .transfer_supports_write1 = true,
    .transfer = i2c_transfer,
};

MP_DEFINE_CONST_OBJ_TYPE(
    machine_i2c_type,
    MP_QSTR_I2C,
    MP_TYPE_FLAG_NONE,
    make_new, i2c_make_new,
    print, i2c_print,
    protocol, &i2c_protocol,
    locals_dict, &mp_machine_i2c_locals_dict
    );
