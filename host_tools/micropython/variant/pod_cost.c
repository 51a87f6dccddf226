// Charges the runtime's functions by wrapping them at link time; mpconfigvariant.mk lists them.
// Prices are fitted to what was measured; host_tools/virtual_pod/README.md has both side by side.
#include "py/bc.h"
#include "py/gc.h"
#include "py/lexer.h"
#include "py/objfun.h"
#include "py/qstr.h"
#include "py/runtime.h"
#include "pod_cost.h"

#define GC_CYCLES_A_BYTE_USED (16)
#define GC_CYCLES_A_BYTE_FREE (3)

uint32_t pod_counts[POD_KINDS];
uint32_t pod_cycles;
uint32_t pod_cycles_limit = UINT32_MAX;

const uint32_t pod_prices[POD_KINDS] = {
    [POD_INSTRUCTION] = POD_INSTRUCTION_PRICE,
    [POD_NAMED] = 140,
    [POD_ENTRY] = 2900,
    [POD_CALL] = 900,
    [POD_LOOKUP] = 160,
    [POD_OPERATION] = 117,
    [POD_SUBSCRIPT] = 440,
    [POD_ALLOCATION] = 650,
    [POD_COLLECTION] = 5000,
    [POD_NAME] = 1000,
    [POD_TOKEN] = 2000,
    [POD_BLOCK] = 1000,
    [POD_NATIVE] = 1500,
    [POD_STEP] = 1,
};

mp_vm_return_kind_t __real_mp_execute_bytecode(mp_code_state_t *code_state, volatile mp_obj_t inject_exc);
mp_vm_return_kind_t __wrap_mp_execute_bytecode(mp_code_state_t *code_state, volatile mp_obj_t inject_exc) {
    pod_charge(POD_ENTRY);
    return __real_mp_execute_bytecode(code_state, inject_exc);
}

mp_obj_t __real_mp_call_function_n_kw(mp_obj_t fun, size_t n_args, size_t n_kw, const mp_obj_t *args);
mp_obj_t __wrap_mp_call_function_n_kw(mp_obj_t fun, size_t n_args, size_t n_kw, const mp_obj_t *args) {
    pod_charge(POD_CALL);
    return __real_mp_call_function_n_kw(fun, n_args, n_kw, args);
}

mp_obj_t __real_mp_call_method_n_kw(size_t n_args, size_t n_kw, const mp_obj_t *args);
mp_obj_t __wrap_mp_call_method_n_kw(size_t n_args, size_t n_kw, const mp_obj_t *args) {
    pod_charge(POD_CALL);
    return __real_mp_call_method_n_kw(n_args, n_kw, args);
}

mp_map_elem_t *__real_mp_map_lookup(mp_map_t *map, mp_obj_t index, mp_map_lookup_kind_t kind);
mp_map_elem_t *__wrap_mp_map_lookup(mp_map_t *map, mp_obj_t index, mp_map_lookup_kind_t kind) {
    pod_charge(POD_LOOKUP);
    return __real_mp_map_lookup(map, index, kind);
}

mp_obj_t __real_mp_binary_op(mp_binary_op_t op, mp_obj_t lhs, mp_obj_t rhs);
mp_obj_t __wrap_mp_binary_op(mp_binary_op_t op, mp_obj_t lhs, mp_obj_t rhs) {
    pod_charge(POD_OPERATION);
    return __real_mp_binary_op(op, lhs, rhs);
}

mp_obj_t __real_mp_obj_subscr(mp_obj_t base, mp_obj_t index, mp_obj_t value);
mp_obj_t __wrap_mp_obj_subscr(mp_obj_t base, mp_obj_t index, mp_obj_t value) {
    pod_charge(POD_SUBSCRIPT);
    return __real_mp_obj_subscr(base, index, value);
}

void *__real_gc_alloc(size_t n_bytes, unsigned int alloc_flags);
void *__wrap_gc_alloc(size_t n_bytes, unsigned int alloc_flags) {
    pod_charge(POD_ALLOCATION);
    return __real_gc_alloc(n_bytes, alloc_flags);
}

void __real_gc_collect(void);
void __wrap_gc_collect(void) {
    pod_charge(POD_COLLECTION);
    gc_info_t info;
    gc_info(&info);
    pod_cycles += GC_CYCLES_A_BYTE_USED * info.used + GC_CYCLES_A_BYTE_FREE * info.free;
    __real_gc_collect();
}

qstr __real_qstr_from_strn(const char *str, size_t len);
qstr __wrap_qstr_from_strn(const char *str, size_t len) {
    pod_charge(POD_NAME);
    return __real_qstr_from_strn(str, len);
}

void __real_mp_lexer_to_next(mp_lexer_t *lex);
void __wrap_mp_lexer_to_next(mp_lexer_t *lex) {
    pod_charge(POD_TOKEN);
    __real_mp_lexer_to_next(lex);
}
