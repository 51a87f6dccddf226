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

static void say_hello(void) {
    pod_hello_t hello;
    podlink_ask(POD_HELLO, 0, 0, 0, 0, NULL, 0, &hello, sizeof(hello));
    pod_reset_cause = hello.reset_cause;
    pod_epoch_us = hello.epoch_us;
    pod_flash_size = hello.flash_size;
    memcpy(pod_unique_id, hello.unique_id, sizeof(pod_unique_id));
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

static const mp_rom_map_elem_t pod_globals_table[] = {
    { MP_ROM_QSTR(MP_QSTR___name__), MP_ROM_QSTR(MP_QSTR__pod) },
    { MP_ROM_QSTR(MP_QSTR_run), MP_ROM_PTR(&pod_run_obj) },
};
static MP_DEFINE_CONST_DICT(pod_globals, pod_globals_table);

const mp_obj_module_t pod_module = {
    .base = { &mp_type_module },
    .globals = (mp_obj_dict_t *)&pod_globals,
};
MP_REGISTER_MODULE(MP_QSTR__pod, pod_module);
