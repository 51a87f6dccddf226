// Module _pod: what happens on a pod from power-on, after ports/esp32/main.c.
// The host starts this program with `-c "import _pod; _pod.run()"`.
#include <stdlib.h>

#include "extmod/vfs.h"
#include "py/gc.h"
#include "py/mperrno.h"
#include "py/mphal.h"
#include "py/objlist.h"
#include "py/runtime.h"
#include "shared/readline/readline.h"
#include "pod_cost.h"
#include "pod_pin.h"
#include "podlink.h"

// The unix port has no raw REPL of its own; this is the one that boards have.
#include "shared/runtime/pyexec.c"

#define STACK_SIZE (16 * 1024) // of the task that runs MicroPython on an ESP32
#define STACK_MARGIN (1024)
#define RESET_SOFT (5)

uint64_t pod_epoch_us;
uint32_t pod_flash_size;
uint8_t pod_unique_id[6];
int pod_reset_cause;
int pod_tick_ms;
extern int pod_clock_hz; // pod_machine.h
static size_t heap_left; // for more areas

// ---- the heap grows by areas, as far as the pod's host says; after ports/esp32/gccollect.c

static void grow_up_to(size_t size) {
    gc_info_t info;
    gc_info(&info);
    heap_left = size > info.total ? size - info.total : 0;
}

size_t gc_get_max_new_split(void) {
    return heap_left;
}

void *pod_heap_take(size_t size) {
    void *area = malloc(size);
    heap_left -= area ? size : 0;
    return area;
}

void pod_heap_give(void *area, size_t size) {
    free(area);
    heap_left += size;
}

// Memory that something else than the heap takes for itself, of what the heap could have grown into.
bool pod_heap_reserve(size_t size) {
    bool fits = size <= heap_left;
    heap_left -= fits ? size : 0;
    return fits;
}

void pod_heap_return(size_t size) {
    heap_left += size;
}

static void say_hello(void) {
    pod_hello_t hello;
    podlink_ask(POD_HELLO, 0, 0, 0, 0, NULL, 0, &hello, sizeof(hello));
    pod_reset_cause = hello.reset_cause;
    pod_epoch_us = hello.epoch_us;
    pod_flash_size = hello.flash_size;
    memcpy(pod_unique_id, hello.unique_id, sizeof(pod_unique_id));
    pod_tick_ms = hello.tick_ms;
    if (hello.mhz) {
        pod_clock_hz = hello.mhz * 1000000;
        podlink_set_mhz(hello.mhz);
    }
    grow_up_to(hello.heap_size * (sizeof(void *) / 4));
    pyexec_mode_kind = hello.raw_repl ? PYEXEC_MODE_RAW_REPL : PYEXEC_MODE_FRIENDLY_REPL;
}

// The state in which a board's boot code finds the interpreter: no PC file system, no arguments.
static void become_a_board(void) {
    mp_globals_set(&MP_STATE_VM(dict_main));
    mp_locals_set(&MP_STATE_VM(dict_main));
    MP_STATE_THREAD(stack_limit) = mp_cstack_usage() + STACK_SIZE - STACK_MARGIN;
    mp_vfs_umount(MP_OBJ_NEW_QSTR(MP_QSTR__slash_));
    mp_obj_list_init(MP_OBJ_TO_PTR(mp_sys_argv), 0);
    mp_obj_list_init(MP_OBJ_TO_PTR(mp_sys_path), 0);
    mp_obj_list_append(mp_sys_path, MP_OBJ_NEW_QSTR(MP_QSTR_));
    mp_obj_list_append(mp_sys_path, MP_OBJ_NEW_QSTR(MP_QSTR__dot_frozen));
    mp_obj_list_append(mp_sys_path, MP_OBJ_NEW_QSTR(MP_QSTR__slash_lib));
    readline_init0();
}

static mp_obj_t pod_run(void) {
    if (!podlink_open(pod_pin_interrupt)) {
        mp_raise_OSError(MP_ENODEV);
    }
    say_hello();
    become_a_board();
    pyexec_frozen_module("_boot.py", false);
    int ret = pyexec_file_if_exists("boot.py");
    if (!(ret & PYEXEC_FORCED_EXIT) && pyexec_mode_kind == PYEXEC_MODE_FRIENDLY_REPL && ret != 0) {
        ret = pyexec_file_if_exists("main.py");
    }
    while (!(ret & PYEXEC_FORCED_EXIT)) {
        ret = pyexec_mode_kind == PYEXEC_MODE_RAW_REPL ? pyexec_raw_repl() : pyexec_friendly_repl();
    }
    mp_hal_stdout_tx_str("MPY: soft reboot\r\n");
    podlink_reset(RESET_SOFT, pyexec_mode_kind == PYEXEC_MODE_RAW_REPL);
}
static MP_DEFINE_CONST_FUN_OBJ_0(pod_run_obj, pod_run);

// What was charged so far, by kind as in pod_cost.h: small ints of 30 bits, which wrap.
static mp_obj_t pod_charged(void) {
    mp_obj_t counts[POD_KINDS];
    for (size_t i = 0; i < POD_KINDS; ++i) {
        counts[i] = MP_OBJ_NEW_SMALL_INT(pod_counts[i] & 0x3fffffff);
    }
    return mp_obj_new_tuple(POD_KINDS, counts);
}
static MP_DEFINE_CONST_FUN_OBJ_0(pod_charged_obj, pod_charged);

// Instructions the virtual machine dispatched so far; allocates nothing.
static mp_obj_t pod_instructions(void) {
    return MP_OBJ_NEW_SMALL_INT(pod_counts[POD_INSTRUCTION] & 0x3fffffff);
}
static MP_DEFINE_CONST_FUN_OBJ_0(pod_instructions_obj, pod_instructions);

// CPU cycles charged so far; allocates nothing.
static mp_obj_t pod_cycles_charged(void) {
    return MP_OBJ_NEW_SMALL_INT(podlink_cycles() & 0x3fffffff);
}
static MP_DEFINE_CONST_FUN_OBJ_0(pod_cycles_obj, pod_cycles_charged);

static const mp_rom_map_elem_t pod_globals_table[] = {
    { MP_ROM_QSTR(MP_QSTR___name__), MP_ROM_QSTR(MP_QSTR__pod) },
    { MP_ROM_QSTR(MP_QSTR_run), MP_ROM_PTR(&pod_run_obj) },
    { MP_ROM_QSTR(MP_QSTR_charged), MP_ROM_PTR(&pod_charged_obj) },
    { MP_ROM_QSTR(MP_QSTR_cycles), MP_ROM_PTR(&pod_cycles_obj) },
    { MP_ROM_QSTR(MP_QSTR_instructions), MP_ROM_PTR(&pod_instructions_obj) },
};
static MP_DEFINE_CONST_DICT(pod_globals, pod_globals_table);

const mp_obj_module_t pod_module = {
    .base = { &mp_type_module },
    .globals = (mp_obj_dict_t *)&pod_globals,
};
MP_REGISTER_MODULE(MP_QSTR__pod, pod_module);
