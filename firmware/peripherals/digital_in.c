/* On and off on one pin. A contact bounces for some milliseconds: a new level counts when nothing has disturbed it
 * for debounce_ms. */
#include "digital_in.h"

static bool pressed(const struct digital_in *parts) { return gpio_read(parts->pin) != parts->active_low; }

static void start(const struct channel *channel)
{
    const struct digital_in *parts = channel->parts;
    struct digital_in_state *state = channel->state;

    gpio_input(parts->pin, parts->pull);
    *state = (struct digital_in_state){.on = pressed(parts)};
}

static void tick(const struct channel *channel, uint32_t now_ms)
{
    const struct digital_in *parts = channel->parts;
    struct digital_in_state *state = channel->state;

    if (pressed(parts) == state->on) {
        state->waiting = false; /* it bounced: the time begins anew */
        return;
    }
    if (!state->waiting) {
        state->waiting = true;
        state->since_ms = now_ms;
    }
    if (now_ms - state->since_ms >= parts->debounce_ms) {
        state->on = !state->on;
        state->waiting = false;
    }
}

static struct reading read(const struct channel *channel)
{
    const struct digital_in_state *state = channel->state;

    return (struct reading){.value = state->on ? 1.0f : 0.0f};
}

const struct channel_kind digital_in_kind = {.name = "digital-in", .start = start, .tick = tick, .read = read};
