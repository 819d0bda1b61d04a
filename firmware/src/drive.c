/* How a channel is driven: within its range, only while armed where it can hurt, along a ramp, and never longer away from its safe value than
 * it was told or than its own limit allows, whoever has fallen silent meanwhile. */
#include <math.h>

#include "../gen/link_messages.h"
#include "channels.h"
#include "tell.h"

static struct {
    float from, to;
    uint32_t began_ms, ramp_ms;
    uint32_t set_ms, limit_ms; /* since when it is away from its safe value, and how long it may be */
    bool ramping, limited;
} course[CHANNELS_MOST];
static bool armed;

static bool driven(uint8_t index) { return board_channels[index].kind->drive != NULL; }
static bool dangerous(uint8_t index) { return (board_channels[index].flags & LINK_FLAG_ARM) != 0; }

static uint8_t drive(uint8_t index, float value)
{
    return board_channels[index].kind->drive(&board_channels[index], value);
}

static void end_course(uint8_t index) { course[index].ramping = course[index].limited = false; }

static void go_safe(uint8_t index)
{
    end_course(index);
    (void)drive(index, board_channels[index].safe); /* never refused, says channel.h */
}

void drive_start(void)
{
    armed = false;
    for (uint8_t index = 0; index < CHANNELS_MOST; index++)
        end_course(index);
}

/* Where a ramp begins: where the part stands, or its safe value while that is not known. */
static float standing(uint8_t index)
{
    const struct reading reading = channel_read(index);

    return reading.fault == 0 && isfinite(reading.value) ? reading.value : board_channels[index].safe;
}

uint8_t drive_set(uint8_t index, float value, uint32_t ramp_ms, const uint32_t *for_ms, uint32_t now_ms)
{
    const struct channel *channel = &board_channels[index];
    const struct channel_limits *limits = limits_of(index);
    const bool to_safe = value == channel->safe;
    uint8_t refusal = 0;

    if (!driven(index))
        return LINK_REFUSAL_NOT_DRIVEN;
    if (value < limits->min || value > limits->max)
        return LINK_REFUSAL_OUT_OF_RANGE;
    /* To make it safe is never forbidden. */
    if (dangerous(index) && !armed && !(to_safe && ramp_ms == 0))
        return LINK_REFUSAL_NOT_ARMED;
    if (ramp_ms > 0 && (channel->flags & LINK_FLAG_RAMP) == 0)
        return LINK_REFUSAL_MALFORMED;
    if (ramp_ms > 0) {
        course[index].from = standing(index);
        course[index].to = value;
        course[index].began_ms = now_ms;
        course[index].ramp_ms = ramp_ms;
    } else {
        refusal = drive(index, value);
    }
    if (refusal != 0)
        return refusal;
    course[index].ramping = ramp_ms > 0;
    course[index].limited = (ramp_ms > 0 || !to_safe) && (limits->max_ms != 0 || for_ms != NULL);
    course[index].limit_ms = limits->max_ms;
    course[index].set_ms = now_ms;
    if (for_ms != NULL && (limits->max_ms == 0 || *for_ms < limits->max_ms))
        course[index].limit_ms = *for_ms;
    return 0;
}

static void follow_ramp(uint8_t index, uint32_t now_ms)
{
    const uint32_t passed_ms = now_ms - course[index].began_ms;
    const bool there = passed_ms >= course[index].ramp_ms;
    const float to = course[index].to, from = course[index].from;
    const float value = there ? to : from + (to - from) * ((float)passed_ms / (float)course[index].ramp_ms);
    const uint8_t refusal = drive(index, value);

    if (refusal != 0) {
        /* The order was taken long ago, so this no is an event. A fault is told by whoever reads the channel. */
        if (refusal == LINK_REFUSAL_BLOCKED)
            tell_event(LINK_EVENT_BLOCKED, index, channel_read(index).value);
        go_safe(index);
    } else if (there) {
        course[index].ramping = false;
        if (to == board_channels[index].safe)
            course[index].limited = false;
        tell_event(LINK_EVENT_ARRIVED, index, to);
    }
}

void drive_tick(uint8_t index, uint32_t now_ms)
{
    if (course[index].limited && now_ms - course[index].set_ms >= course[index].limit_ms) {
        const float stood = channel_read(index).value;

        go_safe(index);
        tell_event(LINK_EVENT_TIME_OVER, index, stood);
    }
    if (course[index].ramping)
        follow_ramp(index, now_ms);
}

void drive_all_safe(void)
{
    armed = false;
    for (uint8_t index = 0; index < board_channel_count; index++) {
        if (driven(index))
            go_safe(index);
    }
}

void drive_arm(bool now_armed)
{
    armed = now_armed;
    for (uint8_t index = 0; !armed && index < board_channel_count; index++) {
        if (driven(index) && dangerous(index))
            go_safe(index);
    }
}

bool drive_at_rest(void)
{
    for (uint8_t index = 0; index < board_channel_count; index++) {
        if (driven(index) && dangerous(index) && (course[index].ramping || standing(index) != board_channels[index].safe))
            return false;
    }
    return true;
}

void drive_forget_arming(void) { armed = false; }
bool drive_armed(void) { return armed; }

void channel_stopped(const struct channel *channel) { end_course((uint8_t)(channel - board_channels)); }
