// What computing costs on an ESP32, in cycles of its CPU: charged as it is done, turned into virtual time by podlink.c.
#ifndef POD_COST_H
#define POD_COST_H

#include <stdint.h>

// Parts of the work; bytecode and native code both call the functions, so both pay for them.
enum {
    POD_INSTRUCTION, // bytecode dispatched by the virtual machine
    POD_NAMED,       // of these, one that carries a name: attribute, global or method, loaded or stored
    POD_ENTRY,       // bytecode function entered, generator resumed
    POD_CALL,        // call by way of an object
    POD_LOOKUP,      // name looked up in a table: attributes, globals, methods
    POD_OPERATION,   // operator on two objects
    POD_SUBSCRIPT,   // a[i] read or written
    POD_ALLOCATION,  // memory taken from the heap
    POD_COLLECTION,  // garbage collected
    POD_NAME,        // text turned into a name: modules that are loaded, getattr()
    POD_TOKEN,       // word of source compiled
    POD_BLOCK,       // read or write of a block device by LittleFS, beside what the flash takes
    POD_NATIVE,      // native or viper function called
    POD_STEP,        // machine instruction of such a function
    POD_KINDS,
};

extern uint32_t pod_counts[POD_KINDS];
extern uint32_t pod_cycles;        // since podlink.c last took them
extern uint32_t pod_cycles_limit;  // from here on the host has to be asked: something happens by then
extern const uint32_t pod_prices[POD_KINDS];

void podlink_time_is_due(void);

static inline void pod_charge(int kind) {
    ++pod_counts[kind];
    pod_cycles += pod_prices[kind];
}

static inline void pod_charge_many(int kind, uint32_t count) {
    pod_counts[kind] += count;
    pod_cycles += pod_prices[kind] * count;
}

// In py/vm.c, before each instruction. An interrupt that comes is only queued here.
#define POD_INSTRUCTION_PRICE (46)
#define POD_DISPATCH(ip) do { \
        ++pod_counts[POD_INSTRUCTION]; \
        pod_cycles += POD_INSTRUCTION_PRICE; \
        if ((*(ip) & 0xf0) == MP_BC_BASE_QSTR_O) { \
            pod_charge(POD_NAMED); \
        } \
        if (pod_cycles >= pod_cycles_limit) { \
            podlink_time_is_due(); \
        } \
} while (0)

#endif
