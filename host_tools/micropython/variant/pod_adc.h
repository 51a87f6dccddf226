// Included by extmod/machine_adc.c: a 12-bit ADC as on an ESP32-S3; the voltage at the pin comes from the host.
#include "py/mphal.h"
#include "pod_pin.h"
#include "podlink.h"

#define MICROPY_PY_MACHINE_ADC_CLASS_CONSTANTS \
    { MP_ROM_QSTR(MP_QSTR_ATTN_0DB), MP_ROM_INT(0) }, \
    { MP_ROM_QSTR(MP_QSTR_ATTN_2_5DB), MP_ROM_INT(1) }, \
    { MP_ROM_QSTR(MP_QSTR_ATTN_6DB), MP_ROM_INT(2) }, \
    { MP_ROM_QSTR(MP_QSTR_ATTN_11DB), MP_ROM_INT(3) }, \
    { MP_ROM_QSTR(MP_QSTR_WIDTH_12BIT), MP_ROM_INT(BITS) },

#define BITS (12)
#define ATTENUATION_MAX (3)

// [ESP32-S3 datasheet, ADC characteristics] highest voltage of each attenuation
static const int full_scale_mv[ATTENUATION_MAX + 1] = { 950, 1250, 1750, 3100 };

struct _machine_adc_obj_t {
    mp_obj_base_t base;
    int gpio;
    int attenuation;
};

static void mp_machine_adc_print(const mp_print_t *print, mp_obj_t self_in, mp_print_kind_t kind) {
    (void)kind;
    machine_adc_obj_t *self = MP_OBJ_TO_PTR(self_in);
    mp_printf(print, "ADC(Pin(%u), atten=%u)", self->gpio, self->attenuation);
}

static void mp_machine_adc_atten_set(machine_adc_obj_t *self, mp_int_t atten) {
    if (atten < 0 || atten > ATTENUATION_MAX) {
        mp_raise_ValueError(MP_ERROR_TEXT("invalid attenuation"));
    }
    self->attenuation = atten;
}

static void mp_machine_adc_width_set(machine_adc_obj_t *self, mp_int_t width) {
    (void)self;
    if (width != BITS) {
        mp_raise_ValueError(MP_ERROR_TEXT("invalid bit-width"));
    }
}

static void mp_machine_adc_init_helper(machine_adc_obj_t *self, size_t n_args, const mp_obj_t *pos_args, mp_map_t *kw_args) {
    static const mp_arg_t allowed_args[] = {
        { MP_QSTR_atten, MP_ARG_KW_ONLY | MP_ARG_INT, {.u_int = ATTENUATION_MAX} },
    };
    mp_arg_val_t args[MP_ARRAY_SIZE(allowed_args)];
    mp_arg_parse_all(n_args, pos_args, kw_args, MP_ARRAY_SIZE(allowed_args), allowed_args, args);
    mp_machine_adc_atten_set(self, args[0].u_int);
}

static mp_obj_t mp_machine_adc_make_new(const mp_obj_type_t *type, size_t n_args, size_t n_kw, const mp_obj_t *args) {
    (void)type;
    mp_arg_check_num(n_args, n_kw, 1, MP_OBJ_FUN_ARGS_MAX, true);
    machine_adc_obj_t *self = mp_obj_malloc(machine_adc_obj_t, &machine_adc_type);
    self->gpio = pod_pin_gpio(args[0]);
    if (podlink_do(POD_ADC, self->gpio, 0, 0, 0) < 0) {
        mp_raise_ValueError(MP_ERROR_TEXT("invalid pin"));
    }
    mp_map_t kw_args;
    mp_map_init_fixed_table(&kw_args, n_kw, args + n_args);
    mp_machine_adc_init_helper(self, n_args - 1, args + 1, &kw_args);
    return MP_OBJ_FROM_PTR(self);
}

static mp_int_t mp_machine_adc_read(machine_adc_obj_t *self) {
    int mv = podlink_do(POD_ADC, self->gpio, 0, 0, 0);
    return MIN(mv, full_scale_mv[self->attenuation]) * ((1 << BITS) - 1) / full_scale_mv[self->attenuation];
}

static mp_int_t mp_machine_adc_read_u16(machine_adc_obj_t *self) {
    mp_uint_t raw = mp_machine_adc_read(self);
    return raw << (16 - BITS) | raw >> (2 * BITS - 16);
}

static mp_int_t mp_machine_adc_read_uv(machine_adc_obj_t *self) {
    return mp_machine_adc_read(self) * full_scale_mv[self->attenuation] / ((1 << BITS) - 1) * 1000;
}
