// The porting layer of extmod/modbluetooth.c, after extmod/nimble/modbluetooth_nimble.c: the stack, GAP and events.
// The radio and all that is standard about it is the host's: host_tools/virtual_pod/radio.
#include <string.h>

#include "py/mperrno.h"
#include "py/mphal.h"
#include "py/runtime.h"
#include "pod_ble.h"
#include "pod_cost.h"
#include "podlink.h"

#define NAME_MAX_LENGTH (31)
#define EVENT_CYCLES (24000) // of NimBLE's task and the controller's, beside the handler
#define ADVERTISING_MAX (31)
#define INVALID_DATA (-18) // BLE_ERR_INV_HCI_CMD_PARMS, passed on as NimBLE's port does
#define INVALID_PARAMETERS (-0x212) // the same from the controller
#define FOREVER_MS (INT32_MAX)

bool pod_heap_reserve(size_t size); // pod_main.c
void pod_heap_return(size_t size);

static bool active;
static size_t reserved; // of the memory that the heap could have grown into
static char name[NAME_MAX_LENGTH + 1] = "MPY ESP32";
static uint16_t preferred_mtu = 256;
static mp_sched_node_t node;
static bool serving;
static unsigned served;

int pod_ble_ask(int verb, uint16_t conn, uint32_t c, uint32_t d, const void *out, size_t out_size, void *in, size_t in_size) {
    return podlink_ask(POD_BLE, verb, conn, c, d, out, out_size, in, in_size);
}

int pod_ble_do(int verb, uint16_t conn, uint32_t c, uint32_t d) {
    return pod_ble_ask(verb, conn, c, d, NULL, 0, NULL, 0);
}

int pod_ble_try(int verb, uint16_t conn, uint32_t c, uint32_t d, const void *out, size_t out_size) {
    if (!active) {
        return MP_ENODEV;
    }
    int status = pod_ble_ask(verb, conn, c, d, out, out_size, NULL, 0);
    return status < BLE_STACK_ERROR ? status - BLE_STACK_ERROR : status < 0 ? -status : 0;
}

// ---- events

static void pass_on(const pod_ble_event_t *event, const uint8_t *data) {
    const uint16_t *word = event->word;
    switch (event->irq) {
        case MP_BLUETOOTH_IRQ_CENTRAL_CONNECT:
        case MP_BLUETOOTH_IRQ_CENTRAL_DISCONNECT:
        case MP_BLUETOOTH_IRQ_PERIPHERAL_CONNECT:
        case MP_BLUETOOTH_IRQ_PERIPHERAL_DISCONNECT:
            mp_bluetooth_gap_on_connected_disconnected(event->irq, word[0], event->small[0], event->addr);
            break;
        case MP_BLUETOOTH_IRQ_GATTS_WRITE:
            pod_gatts_written(event, data);
            break;
        case MP_BLUETOOTH_IRQ_GATTS_READ_REQUEST:
            pod_gatts_asked(event);
            break;
        case MP_BLUETOOTH_IRQ_GATTS_INDICATE_DONE:
            mp_bluetooth_gatts_on_indicate_complete(word[0], word[1], word[2]);
            break;
        case MP_BLUETOOTH_IRQ_MTU_EXCHANGED:
            mp_bluetooth_gatts_on_mtu_exchanged(word[0], word[1]);
            break;
        case MP_BLUETOOTH_IRQ_CONNECTION_UPDATE:
            mp_bluetooth_gap_on_connection_update(word[0], word[1], word[2], word[3], word[4]);
            break;
        case MP_BLUETOOTH_IRQ_ENCRYPTION_UPDATE:
            mp_bluetooth_gatts_on_encryption_update(word[0], word[1], word[2], word[3], word[4]);
            break;
        case MP_BLUETOOTH_IRQ_PASSKEY_ACTION:
            mp_bluetooth_gap_on_passkey_action(word[0], event->small[0], word[1] | (mp_int_t)word[2] << 16);
            break;
        case MP_BLUETOOTH_IRQ_SCAN_RESULT:
            mp_bluetooth_gap_on_scan_result(event->small[0], event->addr, event->small[1], event->rssi, data, event->size);
            break;
        case MP_BLUETOOTH_IRQ_SCAN_DONE:
            mp_bluetooth_gap_on_scan_complete();
            break;
        default:
            pod_gattc_event(event, data);
    }
}

// Fetch and pass on what the radio has, until it has no more.
static void serve(mp_sched_node_t *unused) {
    (void)unused;
    static struct {
        pod_ble_event_t event;
        uint8_t data[POD_BLE_DATA_MAX];
    } got; // one after the other: a handler never runs inside another
    serving = true;
    while (active && podlink_radio_waiting()) {
        if (pod_ble_ask(BLE_EVENT, 0, 0, 0, NULL, 0, &got, sizeof(got)) <= 0) {
            break;
        }
        ++served;
        pod_cycles += EVENT_CYCLES;
        pass_on(&got.event, got.data);
    }
    serving = false;
}

static void poll_radio(void) {
    if (active && !serving && podlink_radio_waiting()) {
        mp_sched_schedule_node(&node, serve);
    }
}

unsigned pod_ble_served(void) {
    return served;
}

// ---- the stack

static void switch_off(void) {
    if (active) {
        active = false;
        pod_heap_return(reserved);
        pod_ble_do(BLE_ACTIVE, 0, 0, 0);
    }
}

int mp_bluetooth_init(void) {
    switch_off();
    if (!podlink_is_open()) {
        return MP_ENODEV;
    }
    uint32_t bytes = 0;
    int status = pod_ble_ask(BLE_ACTIVE, 0, 1, 0, NULL, 0, &bytes, sizeof(bytes));
    if (status < 0) {
        return -status;
    }
    size_t size = bytes * (sizeof(void *) / 4);
    if (!pod_heap_reserve(size)) {
        pod_ble_do(BLE_ACTIVE, 0, 0, 0);
        return MP_ENOMEM;
    }
    reserved = size;
    active = true;
    podlink_serve_radio(poll_radio);
    pod_gatts_forget();
    pod_ble_ask(BLE_NAME, 0, 0, 0, name, strlen(name), NULL, 0);
    return 0;
}

#if MICROPY_VERSION < MICROPY_MAKE_VERSION(1, 26, 0)
void mp_bluetooth_deinit(void) {
    switch_off();
}
#else
int mp_bluetooth_deinit(void) {
    switch_off();
    return 0;
}
#endif

bool mp_bluetooth_is_active(void) {
    return active;
}

void mp_bluetooth_get_current_address(uint8_t *addr_type, uint8_t *addr) {
    uint8_t answer[7];
    if (!active || pod_ble_ask(BLE_ADDRESS, 0, 0, 0, NULL, 0, answer, sizeof(answer)) < 0) {
        mp_raise_OSError(active ? MP_EINVAL : MP_ENODEV);
    }
    *addr_type = answer[0];
    memcpy(addr, answer + 1, 6);
}

void mp_bluetooth_set_address_mode(uint8_t addr_mode) {
    int err = pod_ble_try(BLE_ADDRESS_MODE, 0, addr_mode, 0, NULL, 0);
    if (err) {
        mp_raise_OSError(err);
    }
}

int mp_bluetooth_get_preferred_mtu(void) {
    if (!active) {
        mp_raise_OSError(MP_ENODEV);
    }
    return preferred_mtu;
}

int mp_bluetooth_set_preferred_mtu(uint16_t mtu) {
    int err = active && (mtu < 23 || mtu > 527) ? MP_EINVAL : pod_ble_try(BLE_CONFIG, BLE_MTU, mtu, 0, NULL, 0);
    preferred_mtu = err ? preferred_mtu : mtu;
    return err;
}

static void configure(int what, int value) {
    if (podlink_is_open()) {
        pod_ble_do(BLE_CONFIG, what, value, 0);
    }
}

void mp_bluetooth_set_bonding(bool enabled) {
    configure(BLE_BOND, enabled);
}

void mp_bluetooth_set_mitm_protection(bool enabled) {
    configure(BLE_MITM, enabled);
}

void mp_bluetooth_set_le_secure(bool enabled) {
    configure(BLE_LE_SECURE, enabled);
}

void mp_bluetooth_set_io_capability(uint8_t capability) {
    configure(BLE_IO, capability);
}

size_t mp_bluetooth_gap_get_device_name(const uint8_t **buf) {
    *buf = (const uint8_t *)name;
    return strlen(name);
}

int mp_bluetooth_gap_set_device_name(const uint8_t *buf, size_t len) {
    if (len > NAME_MAX_LENGTH) {
        return MP_EINVAL;
    }
    memcpy(name, buf, len);
    name[len] = '\0';
    if (active) {
        pod_ble_ask(BLE_NAME, 0, 0, 0, name, len, NULL, 0);
    }
    return 0;
}

// ---- GAP

int mp_bluetooth_gap_advertise_start(bool connectable, int32_t interval_us, const uint8_t *adv_data, size_t adv_data_len, const uint8_t *sr_data, size_t sr_data_len) {
    if (!active) {
        return MP_ENODEV;
    }
    mp_bluetooth_gap_advertise_stop();
    if (adv_data_len > ADVERTISING_MAX || sr_data_len > ADVERTISING_MAX) {
        return INVALID_DATA;
    }
    if (interval_us < 20000 || interval_us > 10240000) {
        return INVALID_PARAMETERS;
    }
    uint8_t both[2 * ADVERTISING_MAX];
    memcpy(both, adv_data, adv_data ? adv_data_len : 0);
    memcpy(both + adv_data_len, sr_data, sr_data ? sr_data_len : 0);
    uint32_t sizes = (adv_data ? adv_data_len : 255) | (sr_data ? sr_data_len : 255) << 8;
    return pod_ble_try(BLE_ADVERTISE, connectable, interval_us, sizes, both, adv_data_len + sr_data_len);
}

void mp_bluetooth_gap_advertise_stop(void) {
    pod_ble_try(BLE_ADVERTISE_STOP, 0, 0, 0, NULL, 0);
}

int mp_bluetooth_gap_disconnect(uint16_t conn_handle) {
    return pod_ble_try(BLE_DISCONNECT, conn_handle, 0, 0, NULL, 0);
}

int mp_bluetooth_gap_pair(uint16_t conn_handle) {
    return pod_ble_try(BLE_PAIR, conn_handle, 0, 0, NULL, 0);
}

int mp_bluetooth_gap_passkey(uint16_t conn_handle, uint8_t action, mp_int_t passkey) {
    bool known = action == MP_BLUETOOTH_PASSKEY_ACTION_INPUT || action == MP_BLUETOOTH_PASSKEY_ACTION_DISPLAY
        || action == MP_BLUETOOTH_PASSKEY_ACTION_NUMERIC_COMPARISON;
    return known ? pod_ble_try(BLE_PASSKEY, conn_handle, action, passkey, NULL, 0) : MP_EINVAL;
}

int mp_bluetooth_gap_scan_start(int32_t duration_ms, int32_t interval_us, int32_t window_us, bool active_scan) {
    int32_t duration = duration_ms ? duration_ms : FOREVER_MS;
    return pod_ble_try(BLE_SCAN, active_scan, interval_us, window_us, &duration, sizeof(duration));
}

int mp_bluetooth_gap_scan_stop(void) {
    if (!active) {
        return MP_ENODEV;
    }
    if (pod_ble_do(BLE_SCAN_STOP, 0, 0, 0) > 0) {
        mp_bluetooth_gap_on_scan_complete();
    }
    return 0;
}

int mp_bluetooth_gap_peripheral_connect(uint8_t addr_type, const uint8_t *addr, int32_t duration_ms, int32_t min_conn_interval_us, int32_t max_conn_interval_us) {
    if (!active) {
        return MP_ENODEV;
    }
    mp_bluetooth_gap_scan_stop();
    uint32_t least = min_conn_interval_us ? min_conn_interval_us / 1250 : 24; // [ble_gap.h] 30 to 50 ms
    uint32_t most = max_conn_interval_us ? max_conn_interval_us / 1250 : 40;
    return pod_ble_try(BLE_CONNECT, addr_type, duration_ms, (least & 0xffff) | most << 16, addr, 6);
}

int mp_bluetooth_gap_peripheral_connect_cancel(void) {
    return pod_ble_try(BLE_CONNECT_CANCEL, 0, 0, 0, NULL, 0);
}
