# The virtual pod: MicroPython's unix port made as like a stock ESP32 image as a PC allows.
MICROPY_PY_BTREE = 0
MICROPY_PY_FFI = 0
MICROPY_PY_SOCKET = 0
MICROPY_PY_SSL = 0
MICROPY_PY_TERMIOS = 0
MICROPY_PY_THREAD = 0
MICROPY_VFS_FAT = 0
MICROPY_VFS_LFS1 = 0
FROZEN_MANIFEST = $(VARIANT_DIR)/manifest.py
CFLAGS_EXTRA += -DMP_CONFIGFILE='"podconfig.h"' -Wno-sign-compare -Wno-pointer-arith
# The console and the clock are the pod's, not the PC's; without a link to a pod the wrapped functions serve.
podwrap = -Wl,--wrap=$(1)
LDFLAGS_EXTRA += $(foreach symbol, \
	mp_hal_set_interrupt_char mp_hal_stdin_rx_chr mp_hal_stdout_tx_strn mp_hal_stdout_tx_strn_cooked \
	mp_hal_stdout_tx_str mp_hal_stdio_mode_raw mp_hal_stdio_mode_orig \
	mp_sys_stdin_obj mp_sys_stdout_obj mp_sys_stderr_obj, $(call podwrap,$(symbol)))
# What computing costs on a pod is charged where these are called.
LDFLAGS_EXTRA += $(foreach symbol, \
	mp_execute_bytecode mp_call_function_n_kw mp_call_method_n_kw mp_map_lookup mp_binary_op mp_obj_subscr \
	gc_alloc gc_collect qstr_from_strn mp_lexer_to_next, $(call podwrap,$(symbol)))
