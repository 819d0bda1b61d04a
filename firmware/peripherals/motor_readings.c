/*
 * What a motor's own tick (motor.c) has measured, as channels: where it stands between its ends, and its current. The
 * place is known from the first end switch on, and set right at each.
 */
#include "motor.h"

#include <math.h>

#include "../gen/link_messages.h"

static struct reading position(const struct channel *channel)
{
    const struct motor *parts = channel->parts;
    const struct motor_state *state = channel->state;

    if (!state->placed)
        return (struct reading){.value = NAN, .fault = LINK_FAULT_NOT_CALIBRATED};
    return (struct reading){.value = (float)(state->counts - state->back_end_counts) / parts->counts_a_unit};
}

static struct reading current(const struct channel *channel)
{
    const struct motor_state *state = channel->state;

    return (struct reading){.value = state->amperes, .fault = state->current_fault};
}

static void started_by_drive(const struct channel *channel)
{
    (void)channel;
}

const struct channel_kind motor_position_kind = {.name = "position", .start = started_by_drive, .read = position};
const struct channel_kind motor_current_kind = {.name = "current", .start = started_by_drive, .read = current};
