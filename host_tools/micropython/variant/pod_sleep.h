// Sleep, for modules machine and esp32.
#ifndef POD_SLEEP_H
#define POD_SLEEP_H

#include "py/obj.h"

enum { POD_EXT0_WAKE = 2, POD_EXT1_WAKE = 3, POD_TIMER_WAKE = 4 }; // machine.wake_reason()

MP_DECLARE_CONST_FUN_OBJ_KW(pod_wake_on_ext0_obj);
MP_DECLARE_CONST_FUN_OBJ_KW(pod_wake_on_ext1_obj);
MP_DECLARE_CONST_FUN_OBJ_0(pod_wake_reason_obj);
extern const mp_obj_base_t pod_mem32_obj;

// Sleep until a wake-up pin has its level or the time given [ms] is over.
void pod_sleep(bool deep, size_t n_args, const mp_obj_t *args);

#endif
