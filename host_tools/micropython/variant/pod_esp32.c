// The part of module esp32 that a pod needs: the flash partition "vfs", which is the host's, wake-up pins, memory.
#include <string.h>

#include "extmod/vfs.h"
#include "py/gc.h"
#include "py/mphal.h"
#include "py/runtime.h"
#include "pod_cost.h"
#include "pod_pin.h"
#include "pod_sleep.h"
#include "podlink.h"

#define BLOCK_SIZE (4096)
#define TYPE_APP (0)
#define TYPE_DATA (1)
#define SUBTYPE_FAT (129) // what MicroPython's partition tables give "vfs"

extern uint32_t pod_flash_size; // pod_main.c
static const mp_obj_type_t partition_type;
static const mp_obj_base_t vfs_partition = { &partition_type };

static void check(int status) {
    if (status < 0) {
        mp_raise_OSError(-status);
    }
}

static mp_obj_t partition_find(size_t n_args, const mp_obj_t *pos_args, mp_map_t *kw_args) {
    enum { ARG_type, ARG_subtype, ARG_label, ARG_block_size };
    static const mp_arg_t allowed_args[] = {
        { MP_QSTR_type, MP_ARG_INT, {.u_int = TYPE_APP} },
        { MP_QSTR_subtype, MP_ARG_INT, {.u_int = 0xff} },
        { MP_QSTR_label, MP_ARG_OBJ, {.u_rom_obj = MP_ROM_NONE} },
        { MP_QSTR_block_size, MP_ARG_INT, {.u_int = BLOCK_SIZE} },
    };
    mp_arg_val_t args[MP_ARRAY_SIZE(allowed_args)];
    mp_arg_parse_all(n_args, pos_args, kw_args, MP_ARRAY_SIZE(allowed_args), allowed_args, args);
    mp_obj_t list = mp_obj_new_list(0, NULL);
    mp_obj_t label = args[ARG_label].u_obj;
    if (podlink_is_open() && args[ARG_type].u_int == TYPE_DATA
        && (label == mp_const_none || strcmp(mp_obj_str_get_str(label), "vfs") == 0)) {
        mp_obj_list_append(list, MP_OBJ_FROM_PTR(&vfs_partition));
    }
    return list;
}
static MP_DEFINE_CONST_FUN_OBJ_KW(partition_find_fun, 0, partition_find);
static MP_DEFINE_CONST_STATICMETHOD_OBJ(partition_find_obj, MP_ROM_PTR(&partition_find_fun));

static mp_obj_t partition_info(mp_obj_t self_in) {
    (void)self_in;
    mp_obj_t tuple[] = {
        MP_OBJ_NEW_SMALL_INT(TYPE_DATA),
        MP_OBJ_NEW_SMALL_INT(SUBTYPE_FAT),
        MP_OBJ_NEW_SMALL_INT(0x200000), // where the 4 MiB image has it
        mp_obj_new_int_from_uint(pod_flash_size),
        MP_OBJ_NEW_QSTR(MP_QSTR_vfs),
        mp_const_false,
    };
    return mp_obj_new_tuple(MP_ARRAY_SIZE(tuple), tuple);
}
static MP_DEFINE_CONST_FUN_OBJ_1(partition_info_obj, partition_info);

static mp_obj_t partition_readblocks(size_t n_args, const mp_obj_t *args) {
    uint32_t offset = mp_obj_get_int(args[1]) * BLOCK_SIZE + (n_args == 4 ? mp_obj_get_int(args[3]) : 0);
    mp_buffer_info_t to;
    mp_get_buffer_raise(args[2], &to, MP_BUFFER_WRITE);
    pod_charge(POD_BLOCK);
    check(podlink_ask(POD_FLASH_READ, 0, 0, offset, to.len, NULL, 0, to.buf, to.len));
    return mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_VAR_BETWEEN(partition_readblocks_obj, 3, 4, partition_readblocks);

static mp_obj_t partition_writeblocks(size_t n_args, const mp_obj_t *args) {
    uint32_t offset = mp_obj_get_int(args[1]) * BLOCK_SIZE;
    mp_buffer_info_t from;
    mp_get_buffer_raise(args[2], &from, MP_BUFFER_READ);
    if (n_args == 3) {
        check(podlink_do(POD_FLASH_ERASE, 0, 0, offset, from.len));
    } else {
        offset += mp_obj_get_int(args[3]);
    }
    pod_charge(POD_BLOCK);
    check(podlink_ask(POD_FLASH_WRITE, 0, 0, offset, 0, from.buf, from.len, NULL, 0));
    return mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_VAR_BETWEEN(partition_writeblocks_obj, 3, 4, partition_writeblocks);

static mp_obj_t partition_ioctl(mp_obj_t self_in, mp_obj_t command, mp_obj_t argument) {
    (void)self_in;
    switch (mp_obj_get_int(command)) {
        case MP_BLOCKDEV_IOCTL_INIT:
        case MP_BLOCKDEV_IOCTL_DEINIT:
        case MP_BLOCKDEV_IOCTL_SYNC:
            return MP_OBJ_NEW_SMALL_INT(0);
        case MP_BLOCKDEV_IOCTL_BLOCK_COUNT:
            return MP_OBJ_NEW_SMALL_INT(pod_flash_size / BLOCK_SIZE);
        case MP_BLOCKDEV_IOCTL_BLOCK_SIZE:
            return MP_OBJ_NEW_SMALL_INT(BLOCK_SIZE);
        case MP_BLOCKDEV_IOCTL_BLOCK_ERASE:
            check(podlink_do(POD_FLASH_ERASE, 0, 0, mp_obj_get_int(argument) * BLOCK_SIZE, BLOCK_SIZE));
            return MP_OBJ_NEW_SMALL_INT(0);
        default:
            return mp_const_none;
    }
}
static MP_DEFINE_CONST_FUN_OBJ_3(partition_ioctl_obj, partition_ioctl);

static const mp_rom_map_elem_t partition_locals_table[] = {
    { MP_ROM_QSTR(MP_QSTR_find), MP_ROM_PTR(&partition_find_obj) },
    { MP_ROM_QSTR(MP_QSTR_info), MP_ROM_PTR(&partition_info_obj) },
    { MP_ROM_QSTR(MP_QSTR_readblocks), MP_ROM_PTR(&partition_readblocks_obj) },
    { MP_ROM_QSTR(MP_QSTR_writeblocks), MP_ROM_PTR(&partition_writeblocks_obj) },
    { MP_ROM_QSTR(MP_QSTR_ioctl), MP_ROM_PTR(&partition_ioctl_obj) },
    { MP_ROM_QSTR(MP_QSTR_TYPE_APP), MP_ROM_INT(TYPE_APP) },
    { MP_ROM_QSTR(MP_QSTR_TYPE_DATA), MP_ROM_INT(TYPE_DATA) },
};
static MP_DEFINE_CONST_DICT(partition_locals, partition_locals_table);

static MP_DEFINE_CONST_OBJ_TYPE(
    partition_type,
    MP_QSTR_Partition,
    MP_TYPE_FLAG_NONE,
    locals_dict, &partition_locals
    );

// ---- memory

size_t gc_get_max_new_split(void); // pod_main.c

// esp32.idf_heap_info(capabilities) -> [(total, free, largest free, least free)]: one region, all that the heap and
// the radio may still take.
static mp_obj_t idf_heap_info(mp_obj_t capabilities) {
    (void)mp_obj_get_int(capabilities);
    gc_info_t info;
    gc_info(&info);
    mp_obj_t left = mp_obj_new_int_from_uint(gc_get_max_new_split());
    mp_obj_t region[] = { mp_obj_new_int_from_uint(info.total + gc_get_max_new_split()), left, left, left };
    mp_obj_t tuple = mp_obj_new_tuple(MP_ARRAY_SIZE(region), region);
    return mp_obj_new_list(1, &tuple);
}
static MP_DEFINE_CONST_FUN_OBJ_1(idf_heap_info_obj, idf_heap_info);

static const mp_rom_map_elem_t esp32_globals_table[] = {
    { MP_ROM_QSTR(MP_QSTR___name__), MP_ROM_QSTR(MP_QSTR_esp32) },
    { MP_ROM_QSTR(MP_QSTR_Partition), MP_ROM_PTR(&partition_type) },
    { MP_ROM_QSTR(MP_QSTR_wake_on_ext0), MP_ROM_PTR(&pod_wake_on_ext0_obj) },
    { MP_ROM_QSTR(MP_QSTR_wake_on_ext1), MP_ROM_PTR(&pod_wake_on_ext1_obj) },
    { MP_ROM_QSTR(MP_QSTR_idf_heap_info), MP_ROM_PTR(&idf_heap_info_obj) },
    { MP_ROM_QSTR(MP_QSTR_HEAP_DATA), MP_ROM_INT(4) },
    { MP_ROM_QSTR(MP_QSTR_HEAP_EXEC), MP_ROM_INT(1) },
    { MP_ROM_QSTR(MP_QSTR_WAKEUP_ALL_LOW), MP_ROM_FALSE },
    { MP_ROM_QSTR(MP_QSTR_WAKEUP_ANY_HIGH), MP_ROM_TRUE },
};
static MP_DEFINE_CONST_DICT(esp32_globals, esp32_globals_table);

const mp_obj_module_t esp32_module = {
    .base = { &mp_type_module },
    .globals = (mp_obj_dict_t *)&esp32_globals,
};
MP_REGISTER_MODULE(MP_QSTR_esp32, esp32_module);
