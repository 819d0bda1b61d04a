/* The board's channels in their rhythm: each kind's own tick, the look at what it reads, its faults as events. */
#include "channels.h"

#include <math.h>

#include "../gen/link_messages.h"
#include "tell.h"

static struct {
    uint32_t due_ms;
    uint8_t fault;
} now[CHANNELS_MOST];

static uint32_t rhythm_ms(uint8_t index)
{
    const uint16_t tick_ms = board_channels[index].tick_ms;

    return tick_ms == 0 ? 1 : tick_ms;
}

bool channels_start(uint32_t now_ms)
{
    drive_start();
    watch_start();
    board_start();
    /* Safe before anything else: reading the flash may take a while. */
    for (uint8_t index = 0; index < board_channel_count; index++)
        board_channels[index].kind->start(&board_channels[index]);
    const bool whole = settings_start();

    for (uint8_t index = 0; index < board_channel_count; index++) {
        limits_start(index);
        now[index].fault = 0;
        /* Not all in the same turn, which would be a long one. */
        now[index].due_ms = now_ms + index % rhythm_ms(index);
    }
    return whole;
}

uint8_t channels_find(uint8_t id)
{
    for (uint8_t index = 0; index < board_channel_count; index++) {
        if (board_channels[index].id == id)
            return index;
    }
    return CHANNEL_NONE;
}

struct reading channel_read(uint8_t index) { return board_channels[index].kind->read(&board_channels[index]); }

static void tell_fault(uint8_t index, uint8_t fault)
{
    if (fault == now[index].fault)
        return;
    now[index].fault = fault;
    tell_event(fault != 0 ? LINK_EVENT_FAULT : LINK_EVENT_FAULT_OVER, index, fault != 0 ? (float)fault : NAN);
}

static void tick(uint8_t index, uint32_t now_ms)
{
    const struct channel *channel = &board_channels[index];
    const bool look = now_ms - now[index].due_ms < UINT32_MAX / 2;

    drive_tick(index, now_ms);
    if (look) {
        now[index].due_ms += rhythm_ms(index);
        if (now_ms - now[index].due_ms < UINT32_MAX / 2)
            now[index].due_ms = now_ms + rhythm_ms(index);
        if (channel->kind->tick != NULL)
            channel->kind->tick(channel, now_ms);
    }
    const struct reading reading = channel_read(index);

    if (look)
        tell_fault(index, reading.fault);
    watch_tick(index, reading, look, now_ms);
}

void channels_tick(uint32_t now_ms)
{
    for (uint8_t index = 0; index < board_channel_count; index++)
        tick(index, now_ms);
}

void channel_event(const struct channel *channel, uint8_t event, float value)
{
    tell_event(event, (uint8_t)(channel - board_channels), value);
}
