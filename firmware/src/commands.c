/* One function for each message of the host: it takes its fields apart, lets it be done, and returns 0 or why not. What answers with more
 * than ACK writes that into the reply. */
#include "commands.h"

#include <string.h>

#include "cbor.h"
#include "channels.h"
#include "link.h"
#include "session.h"
#include "tell.h"

#define KEYS 5u /* of the message with the most fields, and one for key 0 */

struct call {
    const struct cbor_value *fields;
    struct cbor_writer *writer;
    uint8_t *reply_type;
    uint32_t now_ms;
};

static uint8_t channel_in(const struct cbor_value *field, uint8_t *index)
{
    uint32_t id;

    if (!cbor_uint(field, UINT8_MAX, &id))
        return LINK_REFUSAL_MALFORMED;
    *index = channels_find((uint8_t)id);
    return *index == CHANNEL_NONE ? LINK_REFUSAL_UNKNOWN_CHANNEL : 0;
}

static bool optional_u32(const struct cbor_value *field, uint32_t *to)
{
    return field->kind == CBOR_NOTHING || cbor_uint(field, UINT32_MAX, to);
}

static uint8_t hello_req(const struct call *call)
{
    const uint8_t refusal = session_greet(call->fields);

    if (refusal != 0)
        return refusal;
    *call->reply_type = LINK_HELLO;
    body_of_hello(call->writer);
    return 0;
}

static uint8_t desc_req(const struct call *call)
{
    uint32_t index;

    if (!cbor_uint(&call->fields[LINK_DESC_REQ_INDEX], UINT8_MAX, &index))
        return LINK_REFUSAL_MALFORMED;
    if (index >= board_channel_count)
        return LINK_REFUSAL_UNKNOWN_CHANNEL;
    *call->reply_type = LINK_DESC;
    body_of_desc(call->writer, (uint8_t)index);
    return 0;
}

static uint8_t set(const struct call *call)
{
    const struct cbor_value *fields = call->fields;
    const bool timed = fields[LINK_SET_FOR_MS].kind != CBOR_NOTHING;
    uint32_t ramp_ms = 0, for_ms = 0;
    uint8_t index;
    float value;
    const uint8_t refusal = channel_in(&fields[LINK_SET_CHANNEL], &index);

    if (refusal != 0)
        return refusal;
    if (!cbor_number(&fields[LINK_SET_VALUE], &value) || !optional_u32(&fields[LINK_SET_RAMP_MS], &ramp_ms) ||
        !optional_u32(&fields[LINK_SET_FOR_MS], &for_ms))
        return LINK_REFUSAL_MALFORMED;
    return drive_set(index, value, ramp_ms, timed ? &for_ms : NULL, call->now_ms);
}

static uint8_t ping(const struct call *call)
{
    (void)call;
    return 0;
}

static uint8_t arm(const struct call *call)
{
    bool armed;

    if (!cbor_flag(&call->fields[LINK_ARM_ARMED], &armed))
        return LINK_REFUSAL_MALFORMED;
    drive_arm(armed);
    return 0;
}

static uint8_t safe(const struct call *call)
{
    (void)call;
    drive_all_safe();
    return 0;
}

static uint8_t reboot(const struct call *call)
{
    bool into_loader;

    if (!cbor_flag(&call->fields[LINK_REBOOT_LOADER], &into_loader))
        return LINK_REFUSAL_MALFORMED;
    drive_all_safe();
    link_reboot(into_loader);
    return 0;
}

static uint8_t watch(const struct call *call)
{
    uint8_t index;
    uint32_t every_ms;
    float deadband;
    const uint8_t refusal = channel_in(&call->fields[LINK_WATCH_CHANNEL], &index);

    if (refusal != 0)
        return refusal;
    if (!cbor_uint(&call->fields[LINK_WATCH_EVERY_MS], UINT32_MAX, &every_ms) ||
        !cbor_number(&call->fields[LINK_WATCH_DEADBAND], &deadband) || deadband < 0.0f)
        return LINK_REFUSAL_MALFORMED;
    watch_set(index, every_ms, deadband);
    return 0;
}

static uint8_t read(const struct call *call)
{
    uint8_t index;
    const uint8_t refusal = channel_in(&call->fields[LINK_READ_CHANNEL], &index);

    if (refusal != 0)
        return refusal;
    *call->reply_type = LINK_SAMPLE;
    body_of_sample(call->writer, index, channel_read(index));
    return 0;
}

static uint8_t setting(const struct call *call)
{
    const struct cbor_value *number = &call->fields[LINK_SETTING_VALUE], *text = &call->fields[LINK_SETTING_TEXT];
    struct setting value = {.kind = SETTING_NONE};
    uint8_t index;
    uint32_t which;
    const uint8_t refusal = channel_in(&call->fields[LINK_SETTING_CHANNEL], &index);

    if (refusal != 0)
        return refusal;
    if (!cbor_uint(&call->fields[LINK_SETTING_SETTING], UINT8_MAX, &which) ||
        (number->kind != CBOR_NOTHING && text->kind != CBOR_NOTHING))
        return LINK_REFUSAL_MALFORMED;
    if (number->kind != CBOR_NOTHING) {
        value.kind = SETTING_NUMBER;
        if (!cbor_number(number, &value.number))
            return LINK_REFUSAL_MALFORMED;
    } else if (text->kind != CBOR_NOTHING) {
        value.kind = SETTING_TEXT;
        if (text->kind != CBOR_TEXT || text->span.length > SETTING_TEXT_MOST || memchr(text->span.at, 0, text->span.length))
            return LINK_REFUSAL_MALFORMED;
        memcpy(value.text, text->span.at, text->span.length);
    }
    return limits_change(index, (uint8_t)which, &value);
}

static const struct {
    uint8_t type;
    uint8_t (*run)(const struct call *call);
} COMMANDS[] = {
    {LINK_HELLO_REQ, hello_req}, {LINK_DESC_REQ, desc_req}, {LINK_SET, set},     {LINK_PING, ping}, {LINK_ARM, arm},
    {LINK_SAFE, safe},           {LINK_REBOOT, reboot},     {LINK_WATCH, watch}, {LINK_READ, read}, {LINK_SETTING, setting},
};

static uint8_t run(const struct frame *frame, struct call *call)
{
    struct cbor_value fields[KEYS];

    if (frame->type != LINK_HELLO_REQ && !session_open())
        return LINK_REFUSAL_HELLO_FIRST;
    for (size_t i = 0; i < sizeof COMMANDS / sizeof *COMMANDS; i++) {
        if (COMMANDS[i].type != frame->type)
            continue;
        if (!cbor_read(frame->body, frame->length, fields, KEYS))
            return LINK_REFUSAL_MALFORMED;
        call->fields = fields;
        return COMMANDS[i].run(call);
    }
    return LINK_REFUSAL_UNKNOWN_MESSAGE;
}

void command_do(const struct frame *frame, struct reply *reply, uint32_t now_ms)
{
    struct cbor_writer writer;
    struct call call = {.writer = &writer, .reply_type = &reply->type, .now_ms = now_ms};

    reply->type = LINK_ACK;
    cbor_begin(&writer, reply->body, sizeof reply->body);
    const uint8_t refusal = run(frame, &call);

    if (refusal != 0) {
        reply->type = LINK_NAK;
        cbor_begin(&writer, reply->body, sizeof reply->body);
        cbor_put_uint(&writer, LINK_NAK_CODE, refusal);
    }
    reply->length = cbor_end(&writer);
}
