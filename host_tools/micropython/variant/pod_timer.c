// machine.Timer as ports/esp32/machine_timer.c has it, hardware timers only: a callback is queued when its time has
// come and runs between two bytecodes. Kinder than an ESP32: it is exact to the microsecond, and goes on through a
// light sleep. At the prompt, waiting for a key, it is late.
#include "py/mphal.h"
#include "py/runtime.h"
#include "pod_pin.h"
#include "podlink.h"

#define TIMER_COUNT (4)
enum { MODE_ONE_SHOT, MODE_PERIODIC };

typedef struct {
    mp_obj_base_t base;
    uint64_t due_us; // 0: it does not run
    uint64_t again_us; // 0: once
} machine_timer_obj_t;

extern const mp_obj_type_t machine_timer_type;
static machine_timer_obj_t timers[TIMER_COUNT];

// Queue the callbacks of the timers that are due.
static void poll_timers(uint64_t now_us) {
    for (int i = 0; i < TIMER_COUNT; ++i) {
        machine_timer_obj_t *self = &timers[i];
        if (self->due_us && now_us >= self->due_us) {
            self->due_us = self->again_us ? self->due_us + self->again_us : 0;
            mp_obj_t callback = MP_STATE_VM(pod_timer_callbacks)[i];
            if (callback != MP_OBJ_NULL && callback != mp_const_none) {
                mp_sched_schedule(callback, MP_OBJ_FROM_PTR(self));
            }
        }
    }
}

// Return the longest wait from now on that passes no timer.
static uint64_t limit_wait(uint64_t now_us, uint64_t longest_us) {
    for (int i = 0; i < TIMER_COUNT; ++i) {
        uint64_t due_us = timers[i].due_us;
        if (due_us) {
            longest_us = MIN(longest_us, due_us > now_us ? due_us - now_us : 0);
        }
    }
    return longest_us;
}

static void timer_print(const mp_print_t *print, mp_obj_t self_in, mp_print_kind_t kind) {
    (void)kind;
    machine_timer_obj_t *self = MP_OBJ_TO_PTR(self_in);
    mp_printf(print, "Timer(%u)", (unsigned)(self - timers));
}

// Timer.init(*, mode=PERIODIC, period=-1 [ms], callback=None)
static mp_obj_t timer_init(size_t n_args, const mp_obj_t *pos_args, mp_map_t *kw_args) {
    enum { ARG_mode, ARG_callback, ARG_period };
    static const mp_arg_t allowed_args[] = {
        { MP_QSTR_mode, MP_ARG_KW_ONLY | MP_ARG_INT, {.u_int = MODE_PERIODIC} },
        { MP_QSTR_callback, MP_ARG_KW_ONLY | MP_ARG_OBJ, {.u_obj = mp_const_none} },
        { MP_QSTR_period, MP_ARG_KW_ONLY | MP_ARG_REQUIRED | MP_ARG_INT, {.u_int = 0} },
    };
    machine_timer_obj_t *self = MP_OBJ_TO_PTR(pos_args[0]);
    mp_arg_val_t args[MP_ARRAY_SIZE(allowed_args)];
    mp_arg_parse_all(n_args - 1, pos_args + 1, kw_args, MP_ARRAY_SIZE(allowed_args), allowed_args, args);
    uint64_t period_us = (uint64_t)MAX(args[ARG_period].u_int, 1) * 1000;
    MP_STATE_VM(pod_timer_callbacks)[self - timers] = args[ARG_callback].u_obj;
    self->again_us = args[ARG_mode].u_int == MODE_PERIODIC ? period_us : 0;
    self->due_us = podlink_now_us() + period_us;
    podlink_do(POD_TICK, 0, 0, 0, 0); // the link asks again when the timer is due, at the latest
    return mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_KW(timer_init_obj, 1, timer_init);

static mp_obj_t timer_deinit(mp_obj_t self_in) {
    machine_timer_obj_t *self = MP_OBJ_TO_PTR(self_in);
    self->due_us = 0;
    MP_STATE_VM(pod_timer_callbacks)[self - timers] = MP_OBJ_NULL;
    return mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_1(timer_deinit_obj, timer_deinit);

static mp_obj_t timer_make_new(const mp_obj_type_t *type, size_t n_args, size_t n_kw, const mp_obj_t *args) {
    mp_arg_check_num(n_args, n_kw, 1, 1, true);
    pod_require_link();
    mp_int_t id = mp_obj_get_int(args[0]);
    if (id < 0 || id >= TIMER_COUNT) {
        mp_raise_ValueError(MP_ERROR_TEXT("invalid Timer number"));
    }
    timers[id].base.type = type;
    podlink_serve_timers(poll_timers, limit_wait);
    if (n_kw) {
        mp_map_t kw_args;
        mp_map_init_fixed_table(&kw_args, n_kw, args + n_args);
        mp_obj_t self = MP_OBJ_FROM_PTR(&timers[id]);
        timer_init(1, &self, &kw_args);
    }
    return MP_OBJ_FROM_PTR(&timers[id]);
}

static const mp_rom_map_elem_t timer_locals_table[] = {
    { MP_ROM_QSTR(MP_QSTR_init), MP_ROM_PTR(&timer_init_obj) },
    { MP_ROM_QSTR(MP_QSTR_deinit), MP_ROM_PTR(&timer_deinit_obj) },
    { MP_ROM_QSTR(MP_QSTR_ONE_SHOT), MP_ROM_INT(MODE_ONE_SHOT) },
    { MP_ROM_QSTR(MP_QSTR_PERIODIC), MP_ROM_INT(MODE_PERIODIC) },
};
static MP_DEFINE_CONST_DICT(timer_locals, timer_locals_table);

MP_DEFINE_CONST_OBJ_TYPE(
    machine_timer_type,
    MP_QSTR_Timer,
    MP_TYPE_FLAG_NONE,
    make_new, timer_make_new,
    print, timer_print,
    locals_dict, &timer_locals
    );

MP_REGISTER_ROOT_POINTER(mp_obj_t pod_timer_callbacks[4]);
