/*
 * A voltage through the ADC. Each tick takes one conversion and moves the value a quarter of the way to it, which
 * takes the hum off and is 99 % there after 16 ticks. A sensor that says it never comes near the rails has a wire off
 * or shorted when it does.
 */
#include "analog_in.h"

#include <math.h>

#include "../drivers/adc.h"
#include "../drivers/gpio.h"
#include "../gen/link_messages.h"

#define RAIL 16u /* of 4095: 13 mV */
#define SHARE 0.25f

static void start(const struct channel *channel)
{
    const struct analog_in *parts = channel->parts;
    struct analog_in_state *state = channel->state;

    gpio_analog(parts->pin);
    *state = (struct analog_in_state){.value = NAN};
}

static uint8_t fault_of(const struct analog_in *parts, bool converted, uint16_t raw)
{
    if (!converted)
        return LINK_FAULT_TIME_OUT;
    if (parts->rails_are_fault && (raw <= RAIL || raw >= ADC_FULL_SCALE - RAIL))
        return LINK_FAULT_OUT_OF_RANGE;
    return 0;
}

static void tick(const struct channel *channel, uint32_t now_ms)
{
    const struct analog_in *parts = channel->parts;
    struct analog_in_state *state = channel->state;
    uint16_t raw = 0;
    const bool converted = adc_read(parts->adc, &raw);

    (void)now_ms;
    state->fault = fault_of(parts, converted, raw);
    if (state->fault) {
        state->value = NAN; /* begins anew when it works again */
        return;
    }
    const float value = parts->at_zero + (parts->at_full - parts->at_zero) * (float)raw / (float)ADC_FULL_SCALE;
    state->value = isnan(state->value) ? value : state->value + SHARE * (value - state->value);
}

static struct reading read(const struct channel *channel)
{
    const struct analog_in_state *state = channel->state;

    return (struct reading){.value = state->value, .fault = state->fault};
}

const struct channel_kind analog_in_kind = {.name = "analog-in", .start = start, .tick = tick, .read = read};
