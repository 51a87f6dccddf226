// GATT server of the porting layer: the values are kept here, as NimBLE's port keeps them; the host has the handles.
#include <string.h>

#include "py/mperrno.h"
#include "py/runtime.h"
#include "pod_ble.h"

#define SERVICES_MAX (8) // MP_BLUETOOTH_NIMBLE_MAX_SERVICES
#define DEFINITIONS_MAX (2048)
#define NOBODY (0xffff) // NimBLE's handle when the pod itself reads
#define ATTRIBUTE_NOT_FOUND (0x0a)

static uint8_t definitions[DEFINITIONS_MAX]; // in the host's layout: see radio/verbs.py
static size_t definitions_size;
static uint16_t *handles_of[SERVICES_MAX]; // arrays that modbluetooth.c holds until it has their content
static size_t handle_counts[SERVICES_MAX];
static size_t service_count;

static mp_gatts_db_t values(void) {
    return MP_STATE_VM(pod_gatts_values);
}

void pod_gatts_forget(void) {
    mp_gatts_db_t db;
    mp_bluetooth_gatts_db_create(&db);
    mp_bluetooth_gatts_db_reset(db);
    MP_STATE_VM(pod_gatts_values) = db;
}

// ---- what the pod registers

static bool put(const void *data, size_t size) {
    if (size > sizeof(definitions) - definitions_size) {
        return false;
    }
    memcpy(definitions + definitions_size, data, size);
    definitions_size += size;
    return true;
}

static bool put_attribute(const mp_obj_bluetooth_uuid_t *uuid, uint16_t flags, uint8_t count) {
    return put(&uuid->type, 1) && put(uuid->data, uuid->type) && put(&flags, 2) && put(&count, 1);
}

int mp_bluetooth_gatts_register_service_begin(bool append) {
    int err = append ? MP_EOPNOTSUPP : pod_ble_try(BLE_ADVERTISE_STOP, 0, 0, 0, NULL, 0);
    if (err == 0) {
        pod_gatts_forget();
        definitions_size = service_count = 0;
    }
    return err;
}

int mp_bluetooth_gatts_register_service(mp_obj_bluetooth_uuid_t *service_uuid, mp_obj_bluetooth_uuid_t **characteristic_uuids, uint16_t *characteristic_flags, mp_obj_bluetooth_uuid_t **descriptor_uuids, uint16_t *descriptor_flags, uint8_t *num_descriptors, uint16_t *handles, size_t num_characteristics) {
    if (service_count == SERVICES_MAX) {
        return MP_E2BIG;
    }
    size_t descriptor = 0;
    bool fits = put_attribute(service_uuid, 0, num_characteristics);
    for (size_t i = 0; i < num_characteristics; ++i) {
        fits = fits && put_attribute(characteristic_uuids[i], characteristic_flags[i], num_descriptors[i]);
        for (size_t j = 0; j < num_descriptors[i]; ++j, ++descriptor) {
            fits = fits && put_attribute(descriptor_uuids[descriptor], descriptor_flags[descriptor], 0);
        }
    }
    handles_of[service_count] = handles;
    handle_counts[service_count] = num_characteristics + descriptor;
    ++service_count;
    return fits ? 0 : MP_ENOMEM;
}

int mp_bluetooth_gatts_register_service_end(void) {
    static uint16_t handles[256];
    int size = pod_ble_ask(BLE_SERVICES, 0, 0, 0, definitions, definitions_size, handles, sizeof(handles));
    if (size < 0) {
        return -size;
    }
    const uint16_t *next = handles;
    for (size_t i = 0; i < service_count; ++i) {
        for (size_t j = 0; j < handle_counts[i]; ++j, ++next) {
            handles_of[i][j] = *next;
            mp_bluetooth_gatts_db_create_entry(values(), *next, MP_BLUETOOTH_DEFAULT_ATTR_LEN);
        }
    }
    return 0;
}

// ---- what the pod does with its values

int mp_bluetooth_gatts_read(uint16_t value_handle, const uint8_t **value, size_t *value_len) {
    return mp_bluetooth_is_active() ? mp_bluetooth_gatts_db_read(values(), value_handle, value, value_len) : MP_ENODEV;
}

// The value as NimBLE gets it: the handler is asked first, and may change or refuse it.
static int value_of(uint16_t conn_handle, uint16_t value_handle, mp_bluetooth_gatts_db_entry_t **entry) {
    int refusal = mp_bluetooth_gatts_on_read_request(conn_handle, value_handle);
    *entry = mp_bluetooth_gatts_db_lookup(values(), value_handle);
    return refusal ? refusal : *entry ? 0 : ATTRIBUTE_NOT_FOUND;
}

int mp_bluetooth_gatts_write(uint16_t value_handle, const uint8_t *value, size_t value_len, bool send_update) {
    if (!mp_bluetooth_is_active()) {
        return MP_ENODEV;
    }
    int err = mp_bluetooth_gatts_db_write(values(), value_handle, value, value_len);
    if (err == 0 && send_update) {
        pod_ble_ask(BLE_UPDATED, 0, value_handle, 0, value, value_len, NULL, 0);
    }
    return err;
}

int mp_bluetooth_gatts_notify_indicate(uint16_t conn_handle, uint16_t value_handle, int gatts_op, const uint8_t *value, size_t value_len) {
    if (mp_bluetooth_is_active() && value == NULL) {
        mp_bluetooth_gatts_db_entry_t *entry;
        if (value_of(NOBODY, value_handle, &entry) != 0) {
            return MP_ENOENT;
        }
        value = entry->data;
        value_len = entry->data_len;
    }
    return pod_ble_try(BLE_NOTIFY, conn_handle, value_handle, gatts_op, value, value_len);
}

int mp_bluetooth_gatts_set_buffer(uint16_t value_handle, size_t len, bool append) {
    return mp_bluetooth_is_active() ? mp_bluetooth_gatts_db_resize(values(), value_handle, len, append) : MP_ENODEV;
}

// ---- what a remote client does

void pod_gatts_written(const pod_ble_event_t *event, const uint8_t *data) {
    uint16_t handle = event->word[1];
    mp_bluetooth_gatts_db_entry_t *entry = mp_bluetooth_gatts_db_lookup(values(), handle);
    if (entry != NULL) {
        size_t offset = entry->append ? entry->data_len : 0;
        entry->data_len = MIN(entry->data_alloc, offset + event->size);
        memcpy(entry->data + offset, data, entry->data_len - offset);
        mp_bluetooth_gatts_on_write(event->word[0], handle);
    }
    if (event->small[0]) {
        pod_ble_do(BLE_ANSWER, 0, entry ? 0 : ATTRIBUTE_NOT_FOUND, 0);
    }
}

void pod_gatts_asked(const pod_ble_event_t *event) {
    mp_bluetooth_gatts_db_entry_t *entry;
    int refusal = value_of(event->word[0], event->word[1], &entry);
    if (refusal) {
        pod_ble_do(BLE_ANSWER, 0, refusal, 0);
    } else {
        pod_ble_ask(BLE_ANSWER, 0, 0, 0, entry->data, entry->data_len, NULL, 0);
    }
}

MP_REGISTER_ROOT_POINTER(mp_map_t *pod_gatts_values);
