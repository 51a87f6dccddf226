// GATT client of the porting layer: the requests go to the host, which tells of the answers by events.
#include <string.h>

#include "py/mperrno.h"
#include "py/runtime.h"
#include "pod_ble.h"

static mp_obj_bluetooth_uuid_t uuid_of(const pod_ble_event_t *event) {
    mp_obj_bluetooth_uuid_t uuid = { { &mp_type_bluetooth_uuid }, event->uuid_type, { 0 } };
    memcpy(uuid.data, event->uuid, sizeof(uuid.data));
    return uuid;
}

void pod_gattc_event(const pod_ble_event_t *event, const uint8_t *data) {
    const uint16_t *word = event->word;
    mp_obj_bluetooth_uuid_t uuid = uuid_of(event);
    uint16_t size = event->size;
    switch (event->irq) {
        case MP_BLUETOOTH_IRQ_GATTC_SERVICE_RESULT:
            mp_bluetooth_gattc_on_primary_service_result(word[0], word[1], word[2], &uuid);
            break;
        case MP_BLUETOOTH_IRQ_GATTC_CHARACTERISTIC_RESULT:
            mp_bluetooth_gattc_on_characteristic_result(word[0], word[1], word[2], event->small[0], &uuid);
            break;
        case MP_BLUETOOTH_IRQ_GATTC_DESCRIPTOR_RESULT:
            mp_bluetooth_gattc_on_descriptor_result(word[0], word[1], &uuid);
            break;
        case MP_BLUETOOTH_IRQ_GATTC_SERVICE_DONE:
        case MP_BLUETOOTH_IRQ_GATTC_CHARACTERISTIC_DONE:
        case MP_BLUETOOTH_IRQ_GATTC_DESCRIPTOR_DONE:
            mp_bluetooth_gattc_on_discover_complete(event->irq, word[0], word[1]);
            break;
        case MP_BLUETOOTH_IRQ_GATTC_READ_RESULT:
        case MP_BLUETOOTH_IRQ_GATTC_NOTIFY:
        case MP_BLUETOOTH_IRQ_GATTC_INDICATE:
            mp_bluetooth_gattc_on_data_available(event->irq, word[0], word[1], &data, &size, 1);
            break;
        case MP_BLUETOOTH_IRQ_GATTC_READ_DONE:
        case MP_BLUETOOTH_IRQ_GATTC_WRITE_DONE:
            mp_bluetooth_gattc_on_read_write_status(event->irq, word[0], word[1], word[2]);
            break;
    }
}

int mp_bluetooth_gattc_discover_primary_services(uint16_t conn_handle, const mp_obj_bluetooth_uuid_t *uuid) {
    return pod_ble_try(BLE_FIND_SERVICES, conn_handle, 0, 0, uuid ? uuid->data : NULL, uuid ? uuid->type : 0);
}

int mp_bluetooth_gattc_discover_characteristics(uint16_t conn_handle, uint16_t start_handle, uint16_t end_handle, const mp_obj_bluetooth_uuid_t *uuid) {
    return pod_ble_try(BLE_FIND_CHARACTERISTICS, conn_handle, start_handle, end_handle, uuid ? uuid->data : NULL, uuid ? uuid->type : 0);
}

int mp_bluetooth_gattc_discover_descriptors(uint16_t conn_handle, uint16_t start_handle, uint16_t end_handle) {
    return pod_ble_try(BLE_FIND_DESCRIPTORS, conn_handle, start_handle, end_handle, NULL, 0);
}

int mp_bluetooth_gattc_read(uint16_t conn_handle, uint16_t value_handle) {
    return pod_ble_try(BLE_READ, conn_handle, value_handle, 0, NULL, 0);
}

int mp_bluetooth_gattc_write(uint16_t conn_handle, uint16_t value_handle, const uint8_t *value, size_t value_len, unsigned int mode) {
    if (mp_bluetooth_is_active() && mode > MP_BLUETOOTH_WRITE_MODE_WITH_RESPONSE) {
        return MP_EINVAL;
    }
    return pod_ble_try(BLE_WRITE, conn_handle, value_handle, mode, value, value_len);
}

int mp_bluetooth_gattc_exchange_mtu(uint16_t conn_handle) {
    return pod_ble_try(BLE_EXCHANGE_MTU, conn_handle, 0, 0, NULL, 0);
}
