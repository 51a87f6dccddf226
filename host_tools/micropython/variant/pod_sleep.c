// Light and deep sleep as ports/esp32/modmachine.c and modesp32.c have them: wake-up pins, and why the pod woke.
// What the MCU does not see meanwhile, and what waking costs, is the host's: host_tools/virtual_pod/sleep.py.
#include "py/mperrno.h"
#include "py/runtime.h"
#include "pod_pin.h"
#include "pod_sleep.h"
#include "podlink.h"

typedef struct __attribute__((packed)) {
    uint64_t high; // bit n: GPIO n wakes while it is high
    uint64_t low;
} wake_pins_t;

static int ext0_gpio = -1;
static bool ext0_level;
static uint64_t ext1_gpios;
static bool ext1_level;

static int wake_gpio(mp_obj_t pin) {
    int gpio = pod_pin_gpio(pin);
    if (podlink_do(POD_WAKE_PIN, gpio, 0, 0, 0) < 0) {
        mp_raise_ValueError(MP_ERROR_TEXT("invalid pin"));
    }
    return gpio;
}

// esp32.wake_on_ext0(pin, level)
static mp_obj_t wake_on_ext0(size_t n_args, const mp_obj_t *pos_args, mp_map_t *kw_args) {
    enum { ARG_pin, ARG_level };
    const mp_arg_t allowed_args[] = {
        { MP_QSTR_pin, MP_ARG_OBJ, {.u_obj = mp_obj_new_int(ext0_gpio)} },
        { MP_QSTR_level, MP_ARG_BOOL, {.u_bool = ext0_level} },
    };
    mp_arg_val_t args[MP_ARRAY_SIZE(allowed_args)];
    mp_arg_parse_all(n_args, pos_args, kw_args, MP_ARRAY_SIZE(allowed_args), allowed_args, args);
    ext0_gpio = args[ARG_pin].u_obj == mp_const_none ? -1 : wake_gpio(args[ARG_pin].u_obj);
    ext0_level = args[ARG_level].u_bool;
    return mp_const_none;
}
MP_DEFINE_CONST_FUN_OBJ_KW(pod_wake_on_ext0_obj, 0, wake_on_ext0);

// esp32.wake_on_ext1(pins, level): all low, or any high.
static mp_obj_t wake_on_ext1(size_t n_args, const mp_obj_t *pos_args, mp_map_t *kw_args) {
    enum { ARG_pins, ARG_level };
    const mp_arg_t allowed_args[] = {
        { MP_QSTR_pins, MP_ARG_OBJ, {.u_obj = mp_const_none} },
        { MP_QSTR_level, MP_ARG_BOOL, {.u_bool = ext1_level} },
    };
    mp_arg_val_t args[MP_ARRAY_SIZE(allowed_args)];
    mp_arg_parse_all(n_args, pos_args, kw_args, MP_ARRAY_SIZE(allowed_args), allowed_args, args);
    if (args[ARG_pins].u_obj != mp_const_none) {
        size_t count;
        mp_obj_t *items;
        mp_obj_get_array(args[ARG_pins].u_obj, &count, &items);
        uint64_t gpios = 0;
        for (size_t i = 0; i < count; ++i) {
            gpios |= 1ull << wake_gpio(items[i]);
        }
        ext1_gpios = gpios;
    }
    ext1_level = args[ARG_level].u_bool;
    return mp_const_none;
}
MP_DEFINE_CONST_FUN_OBJ_KW(pod_wake_on_ext1_obj, 0, wake_on_ext1);

void pod_sleep(bool deep, size_t n_args, const mp_obj_t *args) {
    pod_require_link();
    uint64_t us = n_args ? (uint64_t)mp_obj_get_int(args[0]) * 1000 : UINT64_MAX;
    wake_pins_t pins = { ext1_level ? ext1_gpios : 0, ext1_level ? 0 : ext1_gpios };
    if (ext0_gpio >= 0) {
        *(ext0_level ? &pins.high : &pins.low) |= 1ull << ext0_gpio;
    }
    int held = ext0_gpio >= 0 ? ext0_gpio : 255; // the one wake-up pin whose pad is not held
    podlink_ask(POD_SLEEP, deep, held, (uint32_t)us, (uint32_t)(us >> 32), &pins, sizeof(pins), NULL, 0);
}

static mp_obj_t wake_reason(void) {
    return MP_OBJ_NEW_SMALL_INT(podlink_is_open() ? podlink_do(POD_WAKE_REASON, 0, 0, 0, 0) : 0);
}
MP_DEFINE_CONST_FUN_OBJ_0(pod_wake_reason_obj, wake_reason);

// ---- machine.mem32, as far as the pod needs it: the host knows which registers it has

static mp_obj_t mem32_subscr(mp_obj_t self, mp_obj_t index, mp_obj_t value) {
    (void)self;
    if (value != MP_OBJ_SENTINEL) {
        return MP_OBJ_NULL; // op not supported
    }
    pod_require_link();
    uint32_t word = 0;
    podlink_ask(POD_REGISTER, 0, 0, mp_obj_get_int_truncated(index), 0, NULL, 0, &word, sizeof(word));
    return mp_obj_new_int_from_uint(word);
}

static MP_DEFINE_CONST_OBJ_TYPE(
    mem32_type,
    MP_QSTR_mem32,
    MP_TYPE_FLAG_NONE,
    subscr, mem32_subscr
    );

const mp_obj_base_t pod_mem32_obj = { &mem32_type };
