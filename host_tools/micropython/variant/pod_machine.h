// Included by extmod/modmachine.c: resets, sleep, clock and what this pod adds to the module.
#include "py/mphal.h"
#include "pod_pin.h"
#include "pod_sleep.h"
#include "podlink.h"

enum { RESET_POWER_ON = 1, RESET_HARD, RESET_WATCHDOG, RESET_DEEPSLEEP, RESET_SOFT };

extern const mp_obj_type_t machine_pin_type;
extern const mp_obj_type_t machine_i2c_type;
extern const mp_obj_type_t machine_rtc_type;
extern const mp_obj_type_t machine_timer_type;
extern uint8_t pod_unique_id[6]; // pod_main.c
extern int pod_reset_cause;

int pod_clock_hz = 160000000; // as a stock image starts

static mp_int_t mp_machine_reset_cause(void) {
    return pod_reset_cause;
}

static _Noreturn void mp_machine_reset(void) {
    pod_require_link();
    podlink_reset(RESET_HARD, false);
}

static mp_obj_t mp_machine_unique_id(void) {
    return mp_obj_new_bytes(pod_unique_id, sizeof(pod_unique_id));
}

static mp_obj_t mp_machine_get_freq(void) {
    return mp_obj_new_int(pod_clock_hz);
}

static void mp_machine_set_freq(size_t n_args, const mp_obj_t *args) {
    (void)n_args;
    mp_int_t mhz = mp_obj_get_int(args[0]) / 1000000;
    if (mhz != 20 && mhz != 40 && mhz != 80 && mhz != 160 && mhz != 240) {
        mp_raise_ValueError(MP_ERROR_TEXT("frequency must be 20MHz, 40MHz, 80Mhz, 160MHz or 240MHz"));
    }
    pod_clock_hz = mhz * 1000000;
    if (podlink_is_open() && podlink_charges()) {
        podlink_set_mhz(mhz);
    }
}

static void mp_machine_lightsleep(size_t n_args, const mp_obj_t *args) {
    pod_sleep(false, n_args, args);
}

static _Noreturn void mp_machine_deepsleep(size_t n_args, const mp_obj_t *args) {
    pod_sleep(true, n_args, args);
    podlink_reset(RESET_DEEPSLEEP, false);
}

static void mp_machine_idle(void) {
    mp_event_wait_ms(1);
}

#define MICROPY_PY_MACHINE_EXTRA_GLOBALS \
    { MP_ROM_QSTR(MP_QSTR_Pin), MP_ROM_PTR(&machine_pin_type) }, \
    { MP_ROM_QSTR(MP_QSTR_RTC), MP_ROM_PTR(&machine_rtc_type) }, \
    { MP_ROM_QSTR(MP_QSTR_Timer), MP_ROM_PTR(&machine_timer_type) }, \
    { MP_ROM_QSTR(MP_QSTR_mem32), MP_ROM_PTR(&pod_mem32_obj) }, \
    { MP_ROM_QSTR(MP_QSTR_wake_reason), MP_ROM_PTR(&pod_wake_reason_obj) }, \
    { MP_ROM_QSTR(MP_QSTR_EXT0_WAKE), MP_ROM_INT(POD_EXT0_WAKE) }, \
    { MP_ROM_QSTR(MP_QSTR_EXT1_WAKE), MP_ROM_INT(POD_EXT1_WAKE) }, \
    { MP_ROM_QSTR(MP_QSTR_TIMER_WAKE), MP_ROM_INT(POD_TIMER_WAKE) }, \
    { MP_ROM_QSTR(MP_QSTR_PWRON_RESET), MP_ROM_INT(RESET_POWER_ON) }, \
    { MP_ROM_QSTR(MP_QSTR_HARD_RESET), MP_ROM_INT(RESET_HARD) }, \
    { MP_ROM_QSTR(MP_QSTR_WDT_RESET), MP_ROM_INT(RESET_WATCHDOG) }, \
    { MP_ROM_QSTR(MP_QSTR_DEEPSLEEP_RESET), MP_ROM_INT(RESET_DEEPSLEEP) }, \
    { MP_ROM_QSTR(MP_QSTR_SOFT_RESET), MP_ROM_INT(RESET_SOFT) },
