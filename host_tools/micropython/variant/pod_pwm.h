// Included by extmod/machine_pwm.c: PWM with the limits and errors of ports/esp32/machine_pwm.c.
#include "py/mphal.h"
#include "pod_pin.h"
#include "podlink.h"

#define FULL_DUTY (65536)
#define FREQ_DEFAULT_HZ (5000)
#define FREQ_MAX_HZ (40000000)

struct _machine_pwm_obj_t {
    mp_obj_base_t base;
    int gpio;
    int freq_hz; // 0: inactive
    int duty;    // 0..FULL_DUTY
    bool invert;
};

static void check_active(machine_pwm_obj_t *self) {
    if (self->freq_hz == 0) {
        mp_raise_msg(&mp_type_RuntimeError, MP_ERROR_TEXT("PWM is inactive"));
    }
}

static void check_freq(mp_int_t freq_hz) {
    if (freq_hz <= 0 || freq_hz > FREQ_MAX_HZ) {
        mp_raise_msg_varg(&mp_type_ValueError, MP_ERROR_TEXT("frequency must be from 1Hz to %dMHz"), FREQ_MAX_HZ / 1000000);
    }
}

static int period_ns(machine_pwm_obj_t *self) {
    return 1000000000 / self->freq_hz;
}

// Return the duty out of FULL_DUTY for `value` out of `most`; the highest value means always on.
static int duty_from(mp_int_t value, mp_int_t most, mp_rom_error_text_t text, int limit) {
    if (value < 0 || value > most) {
        mp_raise_msg_varg(&mp_type_ValueError, text, limit);
    }
    return value == most ? FULL_DUTY : (int)((int64_t)value * FULL_DUTY / (most + 1));
}

static int duty_from_u16(mp_int_t value) {
    return duty_from(value, FULL_DUTY - 1, MP_ERROR_TEXT("duty_u16 must be from 0 to %d"), FULL_DUTY);
}

static int duty_from_u10(mp_int_t value) {
    return duty_from(value, 1023, MP_ERROR_TEXT("duty must be from 0 to %u"), 1023);
}

static int duty_from_ns(machine_pwm_obj_t *self, mp_int_t value) {
    return duty_from(value, period_ns(self), MP_ERROR_TEXT("duty_ns must be from 0 to %d ns"), period_ns(self));
}

static void apply(machine_pwm_obj_t *self) {
    int duty = self->invert ? FULL_DUTY - self->duty : self->duty;
    podlink_do(POD_PWM, self->gpio, 0, self->freq_hz, duty);
}

static void set_duty(machine_pwm_obj_t *self, int duty) {
    self->duty = duty;
    apply(self);
}

static void mp_machine_pwm_print(const mp_print_t *print, mp_obj_t self_in, mp_print_kind_t kind) {
    (void)kind;
    machine_pwm_obj_t *self = MP_OBJ_TO_PTR(self_in);
    mp_printf(print, "PWM(Pin(%u)", self->gpio);
    if (self->freq_hz) {
        mp_printf(print, ", freq=%u, duty_u16=%d", self->freq_hz, MIN(self->duty, FULL_DUTY - 1));
    }
    mp_printf(print, ")");
}

static void mp_machine_pwm_init_helper(machine_pwm_obj_t *self, size_t n_args, const mp_obj_t *pos_args, mp_map_t *kw_args) {
    enum { ARG_freq, ARG_duty, ARG_duty_u16, ARG_duty_ns, ARG_invert, ARG_lightsleep };
    const mp_arg_t allowed_args[] = {
        { MP_QSTR_freq, MP_ARG_INT, {.u_int = -1} },
        { MP_QSTR_duty, MP_ARG_KW_ONLY | MP_ARG_INT, {.u_int = -1} },
        { MP_QSTR_duty_u16, MP_ARG_KW_ONLY | MP_ARG_INT, {.u_int = -1} },
        { MP_QSTR_duty_ns, MP_ARG_KW_ONLY | MP_ARG_INT, {.u_int = -1} },
        { MP_QSTR_invert, MP_ARG_KW_ONLY | MP_ARG_BOOL, {.u_bool = self->invert} },
        { MP_QSTR_lightsleep, MP_ARG_KW_ONLY | MP_ARG_BOOL, {.u_bool = false} },
    };
    mp_arg_val_t args[MP_ARRAY_SIZE(allowed_args)];
    mp_arg_parse_all(n_args, pos_args, kw_args, MP_ARRAY_SIZE(allowed_args), allowed_args, args);
    if (args[ARG_freq].u_int != -1) {
        check_freq(args[ARG_freq].u_int);
        self->freq_hz = args[ARG_freq].u_int;
    } else if (self->freq_hz == 0) {
        self->freq_hz = FREQ_DEFAULT_HZ;
    }
    if (args[ARG_duty_u16].u_int >= 0) {
        self->duty = duty_from_u16(args[ARG_duty_u16].u_int);
    } else if (args[ARG_duty_ns].u_int >= 0) {
        self->duty = duty_from_ns(self, args[ARG_duty_ns].u_int);
    } else if (args[ARG_duty].u_int >= 0) {
        self->duty = duty_from_u10(args[ARG_duty].u_int);
    }
    self->invert = args[ARG_invert].u_bool;
    apply(self);
}

static mp_obj_t mp_machine_pwm_make_new(const mp_obj_type_t *type, size_t n_args, size_t n_kw, const mp_obj_t *args) {
    (void)type;
    mp_arg_check_num(n_args, n_kw, 1, 2, true);
    machine_pwm_obj_t *self = mp_obj_malloc(machine_pwm_obj_t, &machine_pwm_type);
    self->gpio = pod_pin_gpio(args[0]);
    self->freq_hz = 0;
    self->duty = FULL_DUTY / 2;
    self->invert = false;
    mp_map_t kw_args;
    mp_map_init_fixed_table(&kw_args, n_kw, args + n_args);
    mp_machine_pwm_init_helper(self, n_args - 1, args + 1, &kw_args);
    return MP_OBJ_FROM_PTR(self);
}

static void mp_machine_pwm_deinit(machine_pwm_obj_t *self) {
    if (self->freq_hz) {
        podlink_do(POD_PWM, self->gpio, 0, 0, 0);
    }
    self->freq_hz = 0;
}

static mp_obj_t mp_machine_pwm_freq_get(machine_pwm_obj_t *self) {
    check_active(self);
    return MP_OBJ_NEW_SMALL_INT(self->freq_hz);
}

static void mp_machine_pwm_freq_set(machine_pwm_obj_t *self, mp_int_t freq) {
    check_active(self);
    check_freq(freq);
    self->freq_hz = freq;
    apply(self);
}

static mp_obj_t mp_machine_pwm_duty_get(machine_pwm_obj_t *self) {
    check_active(self);
    return MP_OBJ_NEW_SMALL_INT(MIN(self->duty, FULL_DUTY - 1) >> 6);
}

static void mp_machine_pwm_duty_set(machine_pwm_obj_t *self, mp_int_t duty) {
    check_active(self);
    set_duty(self, duty_from_u10(duty));
}

static mp_obj_t mp_machine_pwm_duty_get_u16(machine_pwm_obj_t *self) {
    check_active(self);
    return MP_OBJ_NEW_SMALL_INT(MIN(self->duty, FULL_DUTY - 1));
}

static void mp_machine_pwm_duty_set_u16(machine_pwm_obj_t *self, mp_int_t duty_u16) {
    check_active(self);
    set_duty(self, duty_from_u16(duty_u16));
}

static mp_obj_t mp_machine_pwm_duty_get_ns(machine_pwm_obj_t *self) {
    check_active(self);
    return mp_obj_new_int((mp_int_t)((int64_t)self->duty * period_ns(self) / FULL_DUTY));
}

static void mp_machine_pwm_duty_set_ns(machine_pwm_obj_t *self, mp_int_t duty_ns) {
    check_active(self);
    set_duty(self, duty_from_ns(self, duty_ns));
}
