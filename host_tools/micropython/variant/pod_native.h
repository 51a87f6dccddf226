// Calls of native and viper functions, made by py/objfun.c through here; build.py sees to that.
#ifndef POD_NATIVE_H
#define POD_NATIVE_H

#include "py/obj.h"

// Call the machine code and charge what it runs.
mp_obj_t pod_native_call(mp_call_fun_t function, mp_obj_t self, size_t n_args, size_t n_kw, const mp_obj_t *args);

#endif
