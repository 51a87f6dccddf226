// Counts the virtual machine's instructions; build.py has py/vm.c add one as it dispatches each.

#include "py/runtime.h"

mp_uint_t pod_vm_instructions;

// A small int of 30 bits, so that nothing is allocated; it wraps.
static mp_obj_t instructions(void) {
    return MP_OBJ_NEW_SMALL_INT(pod_vm_instructions & 0x3fffffff);
}
static MP_DEFINE_CONST_FUN_OBJ_0(instructions_obj, instructions);

static const mp_rom_map_elem_t globals_table[] = {
    { MP_ROM_QSTR(MP_QSTR___name__), MP_ROM_QSTR(MP_QSTR__pod_count) },
    { MP_ROM_QSTR(MP_QSTR_instructions), MP_ROM_PTR(&instructions_obj) },
};
static MP_DEFINE_CONST_DICT(globals, globals_table);

const mp_obj_module_t pod_count_module = {
    .base = { &mp_type_module },
    .globals = (mp_obj_dict_t *)&globals,
};
MP_REGISTER_MODULE(MP_QSTR__pod_count, pod_count_module);
