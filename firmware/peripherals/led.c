/* A lamp dimmed by pulses, 1000 a second in 1000 steps: no eye sees them, and the percent is that of the power. */
#include "led.h"

#include "../drivers/gpio.h"
#include "../gen/link_messages.h"

#define TICK_HZ 1000000u
#define PERIOD 1000u

static uint8_t drive(const struct channel *channel, float percent)
{
    const struct led *parts = channel->parts;
    struct led_state *state = channel->state;

    if (state->broken)
        return LINK_REFUSAL_FAULT;
    state->percent = percent;
    pwm_set(parts->pwm, (uint16_t)(percent * (PERIOD / 100.0f) + 0.5f));
    return 0;
}

static void start(const struct channel *channel)
{
    const struct led *parts = channel->parts;
    struct led_state *state = channel->state;

    *state = (struct led_state){.broken = !pwm_start(parts->pwm, TICK_HZ, PERIOD)};
    if (drive(channel, channel->safe) == 0)
        gpio_alternate(parts->pin, parts->function, false); /* only now, so that no pulse of another length gets out */
}

static struct reading read(const struct channel *channel)
{
    const struct led_state *state = channel->state;

    return (struct reading){.value = state->percent, .fault = state->broken ? LINK_FAULT_NO_ANSWER : 0};
}

const struct channel_kind led_kind = {.name = "led", .start = start, .read = read, .drive = drive};
