// machine.Pin as ports/esp32/machine_pin.c has it; the pins themselves are the host's.
#include "py/mperrno.h"
#include "py/mphal.h"
#include "py/runtime.h"
#include "extmod/modmachine.h"
#include "extmod/virtpin.h"
#include "pod_pin.h"
#include "podlink.h"

enum { MODE_INPUT = 1, MODE_OUTPUT = 3, MODE_OPEN_DRAIN = 7 };
enum { PULL_DOWN = 1, PULL_UP = 2 };
enum { TRIGGER_RISING = 1, TRIGGER_FALLING = 2, TRIGGER_LOW = 4, TRIGGER_HIGH = 5 };

typedef struct {
    mp_obj_base_t base;
    mp_obj_base_t irq;
} machine_pin_obj_t;

extern const mp_obj_type_t machine_pin_type;
static const mp_obj_type_t machine_pin_irq_type;
static machine_pin_obj_t pins[POD_GPIO_COUNT];
static unsigned interrupt_count;

void pod_require_link(void) {
    if (!podlink_is_open()) {
        mp_raise_OSError(MP_ENODEV);
    }
}

static int gpio_of(const machine_pin_obj_t *self) {
    return self - pins;
}

static machine_pin_obj_t *find(mp_obj_t pin) {
    if (mp_obj_is_type(pin, &machine_pin_type)) {
        return MP_OBJ_TO_PTR(pin);
    }
    pod_require_link();
    mp_int_t gpio;
    if (!mp_obj_get_int_maybe(pin, &gpio) || gpio < 0 || gpio >= POD_GPIO_COUNT
        || podlink_do(POD_PIN_INIT, gpio, 0, 0, -1) < 0) {
        mp_raise_ValueError(MP_ERROR_TEXT("invalid pin"));
    }
    pins[gpio].base.type = &machine_pin_type;
    pins[gpio].irq.type = &machine_pin_irq_type;
    return &pins[gpio];
}

int pod_pin_gpio(mp_obj_t pin) {
    return gpio_of(find(pin));
}

void pod_pin_interrupt(int gpio) {
    ++interrupt_count;
    mp_obj_t handler = MP_STATE_VM(pod_pin_handlers)[gpio];
    if (handler != MP_OBJ_NULL) {
        mp_sched_schedule(handler, MP_OBJ_FROM_PTR(&pins[gpio]));
    }
}

unsigned pod_pin_interrupt_count(void) {
    return interrupt_count;
}

static int get_level(const machine_pin_obj_t *self) {
    return podlink_do(POD_PIN_GET, gpio_of(self), 0, 0, 0);
}

static void set_level(const machine_pin_obj_t *self, bool level) {
    podlink_do(POD_PIN_SET, gpio_of(self), 0, level, 0);
}

static void pin_print(const mp_print_t *print, mp_obj_t self_in, mp_print_kind_t kind) {
    (void)kind;
    mp_printf(print, "Pin(%u)", gpio_of(MP_OBJ_TO_PTR(self_in)));
}

// Pin.init(mode=None, pull=-1, *, value, drive, hold)
static mp_obj_t pin_configure(const machine_pin_obj_t *self, size_t n_args, const mp_obj_t *pos_args, mp_map_t *kw_args) {
    enum { ARG_mode, ARG_pull, ARG_value, ARG_drive, ARG_hold };
    static const mp_arg_t allowed_args[] = {
        { MP_QSTR_mode, MP_ARG_OBJ, {.u_obj = mp_const_none}},
        { MP_QSTR_pull, MP_ARG_OBJ, {.u_obj = MP_OBJ_NEW_SMALL_INT(-1)}},
        { MP_QSTR_value, MP_ARG_KW_ONLY | MP_ARG_OBJ, {.u_obj = MP_OBJ_NULL}},
        { MP_QSTR_drive, MP_ARG_KW_ONLY | MP_ARG_OBJ, {.u_obj = MP_OBJ_NULL}},
        { MP_QSTR_hold, MP_ARG_KW_ONLY | MP_ARG_OBJ, {.u_obj = MP_OBJ_NULL}},
    };
    mp_arg_val_t args[MP_ARRAY_SIZE(allowed_args)];
    mp_arg_parse_all(n_args, pos_args, kw_args, MP_ARRAY_SIZE(allowed_args), allowed_args, args);
    mp_int_t mode = args[ARG_mode].u_obj == mp_const_none ? 0 : mp_obj_get_int(args[ARG_mode].u_obj);
    mp_int_t pull = args[ARG_pull].u_obj == mp_const_none ? 0 : mp_obj_get_int(args[ARG_pull].u_obj);
    if (args[ARG_value].u_obj != MP_OBJ_NULL) {
        set_level(self, mp_obj_is_true(args[ARG_value].u_obj)); // before the pin becomes an output
    }
    bool lets_go = args[ARG_hold].u_obj != MP_OBJ_NULL && !mp_obj_is_true(args[ARG_hold].u_obj);
    if (podlink_do(POD_PIN_INIT, gpio_of(self), lets_go, mode, pull) < 0) {
        mp_raise_ValueError(MP_ERROR_TEXT("pin can only be input"));
    }
    return mp_const_none;
}

mp_obj_t mp_pin_make_new(const mp_obj_type_t *type, size_t n_args, size_t n_kw, const mp_obj_t *args) {
    (void)type;
    mp_arg_check_num(n_args, n_kw, 1, MP_OBJ_FUN_ARGS_MAX, true);
    const machine_pin_obj_t *self = find(args[0]);
    if (n_args > 1 || n_kw > 0) {
        mp_map_t kw_args;
        mp_map_init_fixed_table(&kw_args, n_kw, args + n_args);
        pin_configure(self, n_args - 1, args + 1, &kw_args);
    }
    return MP_OBJ_FROM_PTR(self);
}

static mp_obj_t pin_call(mp_obj_t self_in, size_t n_args, size_t n_kw, const mp_obj_t *args) {
    mp_arg_check_num(n_args, n_kw, 0, 1, false);
    if (n_args == 0) {
        return MP_OBJ_NEW_SMALL_INT(get_level(MP_OBJ_TO_PTR(self_in)));
    }
    set_level(MP_OBJ_TO_PTR(self_in), mp_obj_is_true(args[0]));
    return mp_const_none;
}

static mp_obj_t pin_init(size_t n_args, const mp_obj_t *args, mp_map_t *kw_args) {
    return pin_configure(MP_OBJ_TO_PTR(args[0]), n_args - 1, args + 1, kw_args);
}
static MP_DEFINE_CONST_FUN_OBJ_KW(pin_init_obj, 1, pin_init);

static mp_obj_t pin_value(size_t n_args, const mp_obj_t *args) {
    return pin_call(args[0], n_args - 1, 0, args + 1);
}
static MP_DEFINE_CONST_FUN_OBJ_VAR_BETWEEN(pin_value_obj, 1, 2, pin_value);

static mp_obj_t pin_off(mp_obj_t self_in) {
    set_level(MP_OBJ_TO_PTR(self_in), false);
    return mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_1(pin_off_obj, pin_off);

static mp_obj_t pin_on(mp_obj_t self_in) {
    set_level(MP_OBJ_TO_PTR(self_in), true);
    return mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_1(pin_on_obj, pin_on);

static mp_obj_t pin_toggle(mp_obj_t self_in) {
    set_level(MP_OBJ_TO_PTR(self_in), !get_level(MP_OBJ_TO_PTR(self_in)));
    return mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_1(pin_toggle_obj, pin_toggle);

// Pin.irq(handler=None, trigger=IRQ_FALLING | IRQ_RISING)
static mp_obj_t pin_irq(size_t n_args, const mp_obj_t *pos_args, mp_map_t *kw_args) {
    enum { ARG_handler, ARG_trigger, ARG_wake };
    static const mp_arg_t allowed_args[] = {
        { MP_QSTR_handler, MP_ARG_OBJ, {.u_obj = mp_const_none} },
        { MP_QSTR_trigger, MP_ARG_INT, {.u_int = TRIGGER_RISING | TRIGGER_FALLING} },
        { MP_QSTR_wake, MP_ARG_OBJ, {.u_obj = mp_const_none} },
    };
    machine_pin_obj_t *self = MP_OBJ_TO_PTR(pos_args[0]);
    mp_arg_val_t args[MP_ARRAY_SIZE(allowed_args)];
    mp_arg_parse_all(n_args - 1, pos_args + 1, kw_args, MP_ARRAY_SIZE(allowed_args), allowed_args, args);
    if (n_args > 1 || kw_args->used != 0) {
        bool off = args[ARG_handler].u_obj == mp_const_none;
        MP_STATE_VM(pod_pin_handlers)[gpio_of(self)] = off ? MP_OBJ_NULL : args[ARG_handler].u_obj;
        podlink_do(POD_PIN_IRQ, gpio_of(self), 0, off ? 0 : args[ARG_trigger].u_int, 0);
    }
    return MP_OBJ_FROM_PTR(&self->irq);
}
static MP_DEFINE_CONST_FUN_OBJ_KW(pin_irq_obj, 1, pin_irq);

static const mp_rom_map_elem_t pin_locals_table[] = {
    { MP_ROM_QSTR(MP_QSTR_init), MP_ROM_PTR(&pin_init_obj) },
    { MP_ROM_QSTR(MP_QSTR_value), MP_ROM_PTR(&pin_value_obj) },
    { MP_ROM_QSTR(MP_QSTR_off), MP_ROM_PTR(&pin_off_obj) },
    { MP_ROM_QSTR(MP_QSTR_on), MP_ROM_PTR(&pin_on_obj) },
    { MP_ROM_QSTR(MP_QSTR_toggle), MP_ROM_PTR(&pin_toggle_obj) },
    { MP_ROM_QSTR(MP_QSTR_irq), MP_ROM_PTR(&pin_irq_obj) },
    { MP_ROM_QSTR(MP_QSTR_IN), MP_ROM_INT(MODE_INPUT) },
    { MP_ROM_QSTR(MP_QSTR_OUT), MP_ROM_INT(MODE_OUTPUT) },
    { MP_ROM_QSTR(MP_QSTR_OPEN_DRAIN), MP_ROM_INT(MODE_OPEN_DRAIN) },
    { MP_ROM_QSTR(MP_QSTR_PULL_UP), MP_ROM_INT(PULL_UP) },
    { MP_ROM_QSTR(MP_QSTR_PULL_DOWN), MP_ROM_INT(PULL_DOWN) },
    { MP_ROM_QSTR(MP_QSTR_IRQ_RISING), MP_ROM_INT(TRIGGER_RISING) },
    { MP_ROM_QSTR(MP_QSTR_IRQ_FALLING), MP_ROM_INT(TRIGGER_FALLING) },
    { MP_ROM_QSTR(MP_QSTR_WAKE_LOW), MP_ROM_INT(TRIGGER_LOW) },
    { MP_ROM_QSTR(MP_QSTR_WAKE_HIGH), MP_ROM_INT(TRIGGER_HIGH) },
    { MP_ROM_QSTR(MP_QSTR_DRIVE_0), MP_ROM_INT(0) },
    { MP_ROM_QSTR(MP_QSTR_DRIVE_1), MP_ROM_INT(1) },
    { MP_ROM_QSTR(MP_QSTR_DRIVE_2), MP_ROM_INT(2) },
    { MP_ROM_QSTR(MP_QSTR_DRIVE_3), MP_ROM_INT(3) },
};
static MP_DEFINE_CONST_DICT(pin_locals, pin_locals_table);

static mp_uint_t pin_ioctl(mp_obj_t self_in, mp_uint_t request, uintptr_t arg, int *errcode) {
    (void)errcode;
    if (request == MP_PIN_READ) {
        return get_level(MP_OBJ_TO_PTR(self_in));
    }
    if (request == MP_PIN_WRITE) {
        set_level(MP_OBJ_TO_PTR(self_in), arg);
        return 0;
    }
    return -1;
}

static const mp_pin_p_t pin_protocol = {
    .ioctl = pin_ioctl,
};

MP_DEFINE_CONST_OBJ_TYPE(
    machine_pin_type,
    MP_QSTR_Pin,
    MP_TYPE_FLAG_NONE,
    make_new, mp_pin_make_new,
    print, pin_print,
    call, pin_call,
    protocol, &pin_protocol,
    locals_dict, &pin_locals
    );

// ---- what Pin.irq() returns

static machine_pin_obj_t *pin_of(mp_obj_t irq) {
    return (machine_pin_obj_t *)((uintptr_t)MP_OBJ_TO_PTR(irq) - offsetof(machine_pin_obj_t, irq));
}

static mp_obj_t irq_call(mp_obj_t self_in, size_t n_args, size_t n_kw, const mp_obj_t *args) {
    (void)args;
    mp_arg_check_num(n_args, n_kw, 0, 0, false);
    pod_pin_interrupt(gpio_of(pin_of(self_in)));
    return mp_const_none;
}

static mp_obj_t irq_trigger(size_t n_args, const mp_obj_t *args) {
    uint32_t trigger = n_args == 2 ? mp_obj_get_int(args[1]) : -1;
    int before = podlink_do(POD_PIN_IRQ, gpio_of(pin_of(args[0])), 0, trigger, 0);
    return MP_OBJ_NEW_SMALL_INT(before);
}
static MP_DEFINE_CONST_FUN_OBJ_VAR_BETWEEN(irq_trigger_obj, 1, 2, irq_trigger);

static const mp_rom_map_elem_t irq_locals_table[] = {
    { MP_ROM_QSTR(MP_QSTR_trigger), MP_ROM_PTR(&irq_trigger_obj) },
};
static MP_DEFINE_CONST_DICT(irq_locals, irq_locals_table);

static MP_DEFINE_CONST_OBJ_TYPE(
    machine_pin_irq_type,
    MP_QSTR_IRQ,
    MP_TYPE_FLAG_NONE,
    call, irq_call,
    locals_dict, &irq_locals
    );

MP_REGISTER_ROOT_POINTER(mp_obj_t pod_pin_handlers[49]);
