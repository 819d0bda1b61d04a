/*
 * A load cell through an HX711 (AVIA data sheet). DOUT low says that a conversion is there; each pulse of SCK brings
 * a bit, and the number of pulses chooses what is converted next. SCK high for more than 60 µs switches the part off,
 * so no interrupt may come into a pulse; between the pulses they may, so that the longest time without them is one
 * pulse of 1 µs.
 */
#include "hx711.h"

#include <math.h>

#include "../drivers/clock.h"
#include "../drivers/gpio.h"
#include "../drivers/system.h"
#include "../gen/link_messages.h"

#define SILENT_MS 500u /* five conversions at 10 a second */
#define LEAST 0x800000 /* its rails, as sent: more load than it can measure, or a wire off */
#define MOST 0x7FFFFF

static bool clock_bit(const struct hx711 *parts)
{
    const uint32_t masked = critical_enter();

    gpio_write(parts->sck_pin, true);
    clock_wait_us(1);
    const bool bit = gpio_read(parts->dout_pin);
    gpio_write(parts->sck_pin, false);
    critical_leave(masked);
    clock_wait_us(1);
    return bit;
}

static uint8_t fetch(const struct hx711 *parts, int32_t *counts)
{
    uint32_t raw = 0;

    for (int i = 0; i < 24; i++)
        raw = (raw << 1) | (clock_bit(parts) ? 1u : 0u);
    for (int i = 24; i < (int)parts->input; i++)
        (void)clock_bit(parts);
    if (!gpio_read(parts->dout_pin)) /* high after the 25th pulse; one that stays low is shorted, and so are its bits */
        return LINK_FAULT_OUT_OF_RANGE;
    if (raw == LEAST || raw == MOST)
        return LINK_FAULT_OUT_OF_RANGE;
    *counts = (int32_t)(raw ^ 0x800000u) - 0x800000; /* two's complement of 24 bits */
    return 0;
}

static void start(const struct channel *channel)
{
    const struct hx711 *parts = channel->parts;
    struct hx711_state *state = channel->state;

    *state = (struct hx711_state){.last_ms = clock_ms()};
    gpio_output(parts->sck_pin, false);
    gpio_input(parts->dout_pin, GPIO_PULL_UP); /* without a part it reads as "not ready" */
}

static void forget(struct hx711_state *state, uint8_t fault)
{
    state->fault = fault;
    state->count = 0;
    state->next = 0;
}

static void tick(const struct channel *channel, uint32_t now_ms)
{
    const struct hx711 *parts = channel->parts;
    struct hx711_state *state = channel->state;
    int32_t counts = 0;

    if (gpio_read(parts->dout_pin)) {
        if (now_ms - state->last_ms >= SILENT_MS)
            forget(state, LINK_FAULT_NO_ANSWER);
        return;
    }
    state->last_ms = now_ms;
    const uint8_t fault = fetch(parts, &counts);

    if (fault) {
        forget(state, fault);
        return;
    }
    state->fault = 0;
    state->recent[state->next] = counts;
    state->next = (uint8_t)((state->next + 1u) % HX711_MEAN);
    if (state->count < HX711_MEAN)
        state->count++;
}

/* Counts; NAN while there are none. */
static float mean(const struct hx711_state *state)
{
    int32_t sum = 0; /* 4 x 2^23 fits */

    for (uint8_t i = 0; i < state->count; i++)
        sum += state->recent[i];
    return state->count ? (float)sum / (float)state->count : NAN;
}

static struct reading read(const struct channel *channel)
{
    const struct hx711_state *state = channel->state;

    if (state->fault)
        return (struct reading){.value = NAN, .fault = state->fault};
    if (state->scale == 0.0f)
        return (struct reading){.value = NAN, .fault = LINK_FAULT_NOT_CALIBRATED};
    return (struct reading){.value = (mean(state) - state->zero) / state->scale};
}

static uint8_t calibrate(const struct channel *channel, uint8_t setting, float value, float *kept)
{
    const struct hx711_state *state = channel->state;
    const float counts = mean(state);

    if (state->fault || isnan(counts))
        return LINK_REFUSAL_FAULT;
    if (setting == LINK_SETTING_ZERO) {
        *kept = counts;
        return 0;
    }
    if (setting != LINK_SETTING_SCALE)
        return LINK_REFUSAL_UNKNOWN_SETTING;
    if (value == 0.0f || counts == state->zero)
        return LINK_REFUSAL_OUT_OF_RANGE; /* there is no scale through a single point */
    *kept = (counts - state->zero) / value;
    return 0;
}

static void restore(const struct channel *channel, uint8_t setting, const float *kept)
{
    struct hx711_state *state = channel->state;

    if (setting == LINK_SETTING_ZERO)
        state->zero = kept ? *kept : 0.0f;
    else if (setting == LINK_SETTING_SCALE)
        state->scale = kept ? *kept : 0.0f;
}

const struct channel_kind hx711_kind = {
    .name = "weight", .start = start, .tick = tick, .read = read, .calibrate = calibrate, .restore = restore};
