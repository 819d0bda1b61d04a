/* The board's messages, field by field as in gen/link_messages.h. */
#include "tell.h"

#include <math.h>

#include "../drivers/clock.h"
#include "../drivers/system.h"
#include "../drivers/uart.h"
#include "../gen/link_messages.h"
#include "channels.h"
#include "crc.h"
#include "link.h"
#include "sched.h"
#include "session.h"
#include "version.h"

static uint16_t events;

void body_of_desc(struct cbor_writer *writer, uint8_t index)
{
    const struct channel *channel = &board_channels[index];
    const struct channel_limits *limits = limits_of(index);

    cbor_put_uint(writer, LINK_DESC_INDEX, index);
    cbor_put_uint(writer, LINK_DESC_CHANNEL, channel->id);
    cbor_put_text(writer, LINK_DESC_NAME, limits->name, LINK_DESC_NAME_MOST);
    cbor_put_text(writer, LINK_DESC_KIND, channel->kind->name, LINK_DESC_KIND_MOST);
    cbor_put_uint(writer, LINK_DESC_DIRECTION, channel->kind->drive != NULL);
    cbor_put_text(writer, LINK_DESC_UNIT, channel->unit, LINK_DESC_UNIT_MOST);
    cbor_put_number(writer, LINK_DESC_MIN, limits->min);
    cbor_put_number(writer, LINK_DESC_MAX, limits->max);
    cbor_put_number(writer, LINK_DESC_STEP, channel->step);
    cbor_put_number(writer, LINK_DESC_SAFE, channel->safe);
    cbor_put_uint(writer, LINK_DESC_MAX_MS, limits->max_ms);
    cbor_put_uint(writer, LINK_DESC_FLAGS, channel->flags);
}

/* By which a host knows whether it has the descriptions already. */
static uint32_t description_crc(void)
{
    uint8_t body[LINK_MOST_BODY];
    uint32_t crc = 0;

    for (uint8_t index = 0; index < board_channel_count; index++) {
        struct cbor_writer writer;

        cbor_begin(&writer, body, sizeof body);
        body_of_desc(&writer, index);
        crc = crc32(crc, body, cbor_end(&writer));
    }
    return crc;
}

void body_of_hello(struct cbor_writer *writer)
{
    static uint8_t cause, cause_known;
    const uint8_t *boot_id = session_boot_id();
    uint8_t uid[LINK_HELLO_UID_MOST];

    if (!cause_known)
        cause = system_reset_cause();
    cause_known = 1;
    cbor_put_uint(writer, LINK_HELLO_MAJOR, LINK_MAJOR);
    cbor_put_uint(writer, LINK_HELLO_MINOR, LINK_MINOR);
    cbor_put_text(writer, LINK_HELLO_FIRMWARE, FIRMWARE_VERSION, LINK_HELLO_FIRMWARE_MOST);
    cbor_put_text(writer, LINK_HELLO_BOARD, board_name, LINK_HELLO_BOARD_MOST);
    if (boot_id != NULL)
        cbor_put_bytes(writer, LINK_HELLO_BOOT_ID, boot_id, LINK_HELLO_BOOT_ID_MOST);
    cbor_put_uint(writer, LINK_HELLO_RESET_CAUSE, cause);
    cbor_put_uint(writer, LINK_HELLO_CHANNELS, board_channel_count);
    cbor_put_uint(writer, LINK_HELLO_DESCRIPTION_CRC, description_crc());
    if (system_uid(uid))
        cbor_put_bytes(writer, LINK_HELLO_UID, uid, sizeof uid);
}

void body_of_sample(struct cbor_writer *writer, uint8_t index, struct reading reading)
{
    cbor_put_uint(writer, LINK_SAMPLE_CHANNEL, board_channels[index].id);
    if (reading.fault != 0)
        cbor_put_uint(writer, LINK_SAMPLE_FAULT, reading.fault);
    else if (isfinite(reading.value))
        cbor_put_number(writer, LINK_SAMPLE_VALUE, reading.value);
    cbor_put_uint(writer, LINK_SAMPLE_COUNTER, watch_count(index));
    cbor_put_uint(writer, LINK_SAMPLE_AT_MS, clock_ms());
}

static void send(uint8_t type, struct cbor_writer *writer) { link_tell(type, writer->to, cbor_end(writer)); }

void tell_hello(void)
{
    uint8_t body[LINK_MOST_BODY];
    struct cbor_writer writer;

    cbor_begin(&writer, body, sizeof body);
    body_of_hello(&writer);
    send(LINK_HELLO, &writer);
}

void tell_sample(uint8_t index, struct reading reading)
{
    uint8_t body[32];
    struct cbor_writer writer;

    cbor_begin(&writer, body, sizeof body);
    body_of_sample(&writer, index, reading);
    send(LINK_SAMPLE, &writer);
}

void tell_event(uint8_t event, uint8_t index, float value)
{
    uint8_t body[32];
    struct cbor_writer writer;

    cbor_begin(&writer, body, sizeof body);
    cbor_put_uint(&writer, LINK_EVENT_EVENT, event);
    if (index != TELL_NO_CHANNEL)
        cbor_put_uint(&writer, LINK_EVENT_CHANNEL, board_channels[index].id);
    if (isfinite(value))
        cbor_put_number(&writer, LINK_EVENT_VALUE, value);
    cbor_put_uint(&writer, LINK_EVENT_COUNTER, events++);
    cbor_put_uint(&writer, LINK_EVENT_AT_MS, clock_ms());
    send(LINK_EVENT, &writer);
}

void tell_heartbeat(uint16_t supply_mv)
{
    uint8_t body[LINK_MOST_BODY];
    struct cbor_writer writer;
    struct sched_figures figures;
    const struct link_figures line = link_figures();

    sched_figures(&figures);
    cbor_begin(&writer, body, sizeof body);
    cbor_put_uint(&writer, LINK_HEARTBEAT_UPTIME_MS, clock_ms());
    cbor_put_uint(&writer, LINK_HEARTBEAT_LOOP_MAX_US, figures.turn_max_us);
    cbor_put_uint(&writer, LINK_HEARTBEAT_LOOP_MEAN_US, figures.turn_mean_us);
    cbor_put_text(&writer, LINK_HEARTBEAT_WORST_TASK, figures.worst_task, LINK_HEARTBEAT_WORST_TASK_MOST);
    cbor_put_uint(&writer, LINK_HEARTBEAT_WORST_TASK_US, figures.worst_task_us);
    cbor_put_uint(&writer, LINK_HEARTBEAT_STACK_FREE, (uint32_t)system_stack_free());
    cbor_put_uint(&writer, LINK_HEARTBEAT_RX_DROPS, uart_rx_drops());
    cbor_put_uint(&writer, LINK_HEARTBEAT_CRC_ERRORS, line.damaged);
    cbor_put_uint(&writer, LINK_HEARTBEAT_TX_DROPS, line.tx_drops);
    if (supply_mv != 0)
        cbor_put_uint(&writer, LINK_HEARTBEAT_SUPPLY_MV, supply_mv);
    cbor_put_flag(&writer, LINK_HEARTBEAT_ARMED, drive_armed());
    send(LINK_HEARTBEAT, &writer);
}
