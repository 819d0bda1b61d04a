/* A servo: the channel's range laid evenly over the lengths of its pulse. Slow movements are the channel's ramp
 * (src/drive.c). */
#include "servo.h"

#include "../drivers/gpio.h"
#include "../gen/link_messages.h"

static uint16_t pulse_us(const struct channel *channel, float degrees)
{
    const struct servo *parts = channel->parts;
    const float share = (degrees - channel->min) / (channel->max - channel->min);

    return (uint16_t)((float)parts->min_us + share * (float)(parts->max_us - parts->min_us) + 0.5f);
}

static uint8_t drive(const struct channel *channel, float degrees)
{
    const struct servo *parts = channel->parts;
    struct servo_state *state = channel->state;

    if (state->broken)
        return LINK_REFUSAL_FAULT;
    state->degrees = degrees;
    pwm_set(parts->pwm, pulse_us(channel, degrees));
    return 0;
}

static void start(const struct channel *channel)
{
    const struct servo *parts = channel->parts;
    struct servo_state *state = channel->state;

    *state = (struct servo_state){.broken = !pwm_start(parts->pwm, SERVO_TICK_HZ, SERVO_PERIOD)};
    if (drive(channel, channel->safe) == 0)
        gpio_alternate(parts->pin, parts->function, false); /* only now, so that it does not twitch */
}

static struct reading read(const struct channel *channel)
{
    const struct servo_state *state = channel->state;

    return (struct reading){.value = state->degrees, .fault = state->broken ? LINK_FAULT_NO_ANSWER : 0};
}

const struct channel_kind servo_kind = {.name = "servo", .start = start, .read = read, .drive = drive};
