/* The session with the host, and what becomes of the board without one. */
#include "session.h"

#include <math.h>
#include <string.h>

#include "../gen/link_messages.h"
#include "channels.h"
#include "tell.h"

#define LEAST_HOST_LOSS_MS 500u
#define MOST_HOST_LOSS_MS 60000u

static uint8_t boot_id[LINK_HELLO_REQ_BOOT_ID_MOST];
static bool open, named, lost;
static uint32_t host_loss_ms, heard_ms;

void session_start(void) { open = named = lost = false; }
bool session_open(void) { return open; }
const uint8_t *session_boot_id(void) { return named ? boot_id : NULL; }

uint8_t session_greet(const struct cbor_value *fields)
{
    const struct cbor_value *id = &fields[LINK_HELLO_REQ_BOOT_ID];
    uint32_t major, minor, loss_ms;

    /* Of another version nothing but the number of the version need be as here. */
    if (!cbor_uint(&fields[LINK_HELLO_REQ_MAJOR], UINT8_MAX, &major))
        return LINK_REFUSAL_MALFORMED;
    if (major != LINK_MAJOR)
        return LINK_REFUSAL_VERSION;
    if (!cbor_uint(&fields[LINK_HELLO_REQ_MINOR], UINT8_MAX, &minor) || id->kind != CBOR_BYTES ||
        id->span.length != sizeof boot_id || !cbor_uint(&fields[LINK_HELLO_REQ_HOST_LOSS_MS], UINT16_MAX, &loss_ms))
        return LINK_REFUSAL_MALFORMED;
    if (loss_ms < LEAST_HOST_LOSS_MS || loss_ms > MOST_HOST_LOSS_MS)
        return LINK_REFUSAL_OUT_OF_RANGE;
    /* A chip without a source of random numbers is given its boot id, and a host that returns sees by it whether there was a reset. */
    if (!named)
        memcpy(boot_id, id->span.at, sizeof boot_id);
    named = open = true;
    host_loss_ms = loss_ms;
    drive_forget_arming();
    return 0;
}

void session_heard(uint32_t now_ms)
{
    heard_ms = now_ms;
    lost = false;
}

void session_tick(uint32_t now_ms)
{
    if (!open || lost || now_ms - heard_ms < host_loss_ms)
        return;
    lost = true;
    drive_all_safe();
    tell_event(LINK_EVENT_HOST_LOST, TELL_NO_CHANNEL, NAN);
}
