/* On and off on one pin. The pin stands at the safe value from the moment on in which it becomes an output: no
 * relay clicks at the start. */
#include "digital_out.h"

#include "../drivers/gpio.h"

static bool level(const struct digital_out *parts, bool on) { return on != parts->active_low; }

static void start(const struct channel *channel)
{
    const struct digital_out *parts = channel->parts;
    struct digital_out_state *state = channel->state;

    state->on = channel->safe >= 0.5f;
    gpio_output(parts->pin, level(parts, state->on));
}

static struct reading read(const struct channel *channel)
{
    const struct digital_out_state *state = channel->state;

    return (struct reading){.value = state->on ? 1.0f : 0.0f};
}

static uint8_t drive(const struct channel *channel, float value)
{
    const struct digital_out *parts = channel->parts;
    struct digital_out_state *state = channel->state;

    state->on = value >= 0.5f;
    gpio_write(parts->pin, level(parts, state->on));
    return 0;
}

const struct channel_kind digital_out_kind = {.name = "digital-out", .start = start, .read = read, .drive = drive};
