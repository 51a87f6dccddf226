// machine.RTC: the pod's clock, which runs on through every reset.
#include "py/mphal.h"
#include "py/runtime.h"
#include "shared/timeutils/timeutils.h"
#include "pod_pin.h"
#include "podlink.h"

extern const mp_obj_type_t machine_rtc_type;
extern uint64_t pod_epoch_us; // pod_main.c
static const mp_obj_base_t rtc = { &machine_rtc_type };

static mp_obj_t rtc_make_new(const mp_obj_type_t *type, size_t n_args, size_t n_kw, const mp_obj_t *args) {
    (void)type;
    (void)args;
    mp_arg_check_num(n_args, n_kw, 0, 0, false);
    pod_require_link();
    return MP_OBJ_FROM_PTR(&rtc);
}

static mp_obj_t get_datetime(void) {
    uint64_t us = pod_time_ns() / 1000;
    timeutils_struct_time_t tm;
    timeutils_seconds_since_epoch_to_struct_time((mp_uint_t)(us / 1000000), &tm);
    mp_obj_t tuple[8] = {
        mp_obj_new_int(tm.tm_year),
        mp_obj_new_int(tm.tm_mon),
        mp_obj_new_int(tm.tm_mday),
        mp_obj_new_int(tm.tm_wday),
        mp_obj_new_int(tm.tm_hour),
        mp_obj_new_int(tm.tm_min),
        mp_obj_new_int(tm.tm_sec),
        mp_obj_new_int(us % 1000000),
    };
    return mp_obj_new_tuple(8, tuple);
}

static void set_datetime(mp_obj_t datetime, int hour) {
    mp_obj_t *items;
    mp_obj_get_array_fixed_n(datetime, 8, &items);
    mp_uint_t seconds = timeutils_seconds_since_epoch(mp_obj_get_int(items[0]), mp_obj_get_int(items[1]),
        mp_obj_get_int(items[2]), mp_obj_get_int(items[hour]), mp_obj_get_int(items[hour + 1]),
        mp_obj_get_int(items[hour + 2]));
    uint64_t us = ((uint64_t)seconds + TIMEUTILS_SECONDS_1970_TO_2000) * 1000000 + mp_obj_get_int(items[7]);
    podlink_do(POD_SET_TIME, 0, 0, (uint32_t)us, (uint32_t)(us >> 32));
    pod_epoch_us = us - podlink_now_us();
}

static mp_obj_t rtc_datetime(size_t n_args, const mp_obj_t *args) {
    if (n_args == 1) {
        return get_datetime();
    }
    set_datetime(args[1], 4);
    return mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_VAR_BETWEEN(rtc_datetime_obj, 1, 2, rtc_datetime);

static mp_obj_t rtc_init(mp_obj_t self_in, mp_obj_t datetime) {
    (void)self_in;
    set_datetime(datetime, 3);
    return mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_2(rtc_init_obj, rtc_init);

static const mp_rom_map_elem_t rtc_locals_table[] = {
    { MP_ROM_QSTR(MP_QSTR_init), MP_ROM_PTR(&rtc_init_obj) },
    { MP_ROM_QSTR(MP_QSTR_datetime), MP_ROM_PTR(&rtc_datetime_obj) },
};
static MP_DEFINE_CONST_DICT(rtc_locals, rtc_locals_table);

MP_DEFINE_CONST_OBJ_TYPE(
    machine_rtc_type,
    MP_QSTR_RTC,
    MP_TYPE_FLAG_NONE,
    make_new, rtc_make_new,
    locals_dict, &rtc_locals
    );
