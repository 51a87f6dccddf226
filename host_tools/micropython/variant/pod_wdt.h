// Included by extmod/machine_wdt.c: as on an ESP32 it can be started anew with another timeout, never stopped.
#include "pod_pin.h"
#include "podlink.h"

struct _machine_wdt_obj_t {
    mp_obj_base_t base;
};

static machine_wdt_obj_t watchdog = {{ &machine_wdt_type }};

static machine_wdt_obj_t *mp_machine_wdt_make_new_instance(mp_int_t id, mp_int_t timeout_ms) {
    if (id != 0) {
        mp_raise_ValueError(NULL);
    }
    if (timeout_ms <= 0) {
        mp_raise_ValueError(MP_ERROR_TEXT("WDT timeout too short"));
    }
    pod_require_link();
    podlink_do(POD_WDT_START, 0, 0, timeout_ms, 0);
    return &watchdog;
}

static void mp_machine_wdt_feed(machine_wdt_obj_t *self) {
    (void)self;
    podlink_do(POD_WDT_FEED, 0, 0, 0, 0);
}
