// What the files of the porting layer of extmod/modbluetooth.c share: pod_ble.c, pod_gatts.c, pod_gattc.c.
// host_tools/virtual_pod/radio/verbs.py is the other end; both must agree on the numbers and layouts below.
#ifndef POD_BLE_H
#define POD_BLE_H

#include <stdbool.h>
#include <stdint.h>
#include "extmod/modbluetooth.h"

// The verbs of POD_BLE, in its `a`; "conn" is a connection handle in `b`, "-> " what is answered.
enum {
    BLE_EVENT = 1,       // -> payload pod_ble_event_t and its data, or nothing
    BLE_ACTIVE,          // c: 1 or 0 -> payload: bytes of memory it takes, 32 bits
    BLE_ADDRESS,         // -> payload: type, six bytes
    BLE_ADDRESS_MODE,    // c: mode
    BLE_CONFIG,          // b: BLE_..., c: value
    BLE_NAME,            // payload: the device's name
    BLE_ADVERTISE,       // b: connectable, c: interval [us], d: sizes of data and response or 255; payload: both
    BLE_ADVERTISE_STOP,
    BLE_SERVICES,        // payload: definitions -> payload: handles, 16 bits each
    BLE_NOTIFY,          // conn, c: handle, d: MP_BLUETOOTH_GATTS_OP_..., payload: value
    BLE_UPDATED,         // c: handle, payload: value
    BLE_ANSWER,          // c: error of the access that the last event told of, payload: the value read
    BLE_DISCONNECT,      // conn
    BLE_SCAN,            // b: active, c: interval [us], d: window [us], payload: duration [ms], 32 bits
    BLE_SCAN_STOP,       // -> 1 when it scanned
    BLE_CONNECT,         // b: address type, c: longest search [ms], d: intervals [1.25 ms], payload: address
    BLE_CONNECT_CANCEL,
    BLE_FIND_SERVICES,   // conn, payload: UUID or nothing
    BLE_FIND_CHARACTERISTICS, // conn, c: first handle, d: last, payload: UUID or nothing
    BLE_FIND_DESCRIPTORS, // conn, c: first handle, d: last
    BLE_READ,            // conn, c: handle
    BLE_WRITE,           // conn, c: handle, d: 1 = with response, payload: value
    BLE_EXCHANGE_MTU,    // conn
    BLE_PAIR,            // conn
    BLE_PASSKEY,         // conn, c: action, d: passkey
};

enum { BLE_MTU = 1, BLE_BOND, BLE_MITM, BLE_IO, BLE_LE_SECURE };

#define BLE_STACK_ERROR (-0x10000) // less than that by one of NimBLE's own errors: passed on as minus that error

typedef struct {
    uint8_t irq;         // MP_BLUETOOTH_IRQ_...
    uint8_t small[2];
    int8_t rssi;
    uint16_t word[5];
    uint8_t addr[6];
    uint8_t uuid_type;
    uint8_t uuid[16];
    uint8_t spare;
    uint16_t size;       // of the data that follows
} pod_ble_event_t;

#define POD_BLE_DATA_MAX (512)

// Do one verb; returns 0 or more, or minus an errno.
int pod_ble_do(int verb, uint16_t conn, uint32_t c, uint32_t d);
int pod_ble_ask(int verb, uint16_t conn, uint32_t c, uint32_t d, const void *out, size_t out_size, void *in, size_t in_size);

// As these, for the port API: 0 or an errno, MP_ENODEV while the radio is off.
int pod_ble_try(int verb, uint16_t conn, uint32_t c, uint32_t d, const void *out, size_t out_size);

unsigned pod_ble_served(void); // events handled so far

// Serve what a remote client did.
void pod_gatts_written(const pod_ble_event_t *event, const uint8_t *data);
void pod_gatts_asked(const pod_ble_event_t *event);
void pod_gatts_forget(void);

// Pass on what a remote server answered or sent.
void pod_gattc_event(const pod_ble_event_t *event, const uint8_t *data);

#endif
