/*
 * A brushless motor through an ESC. An ESC wants the shortest pulse for a while before it believes any other, so for
 * two seconds after the start nothing else is given; what is asked meanwhile follows then. Upwards it goes by
 * rise_ms, downwards at once.
 */
#include "esc.h"

#include "../drivers/clock.h"
#include "../drivers/gpio.h"
#include "../gen/link_messages.h"
#include "servo.h"

#define ARMING_MS 2000u

static void pulse(const struct channel *channel, float percent)
{
    const struct esc *parts = channel->parts;
    struct esc_state *state = channel->state;

    state->percent = percent;
    const float us = (float)parts->min_us + percent * (float)(parts->max_us - parts->min_us) / 100.0f;

    pwm_set(parts->pwm, (uint16_t)(us + 0.5f));
}

static void start(const struct channel *channel)
{
    const struct esc *parts = channel->parts;
    struct esc_state *state = channel->state;

    *state = (struct esc_state){.arming = true, .since_ms = clock_ms()};
    state->broken = !pwm_start(parts->pwm, SERVO_TICK_HZ, SERVO_PERIOD);
    if (state->broken)
        return;
    pulse(channel, 0.0f);
    gpio_alternate(parts->pin, parts->function, false);
}

static void tick(const struct channel *channel, uint32_t now_ms)
{
    const struct esc *parts = channel->parts;
    struct esc_state *state = channel->state;
    const uint32_t passed_ms = now_ms - state->since_ms;

    if (state->broken || (state->arming && passed_ms < ARMING_MS))
        return;
    state->since_ms = now_ms;
    if (state->arming) {
        state->arming = false;
        return;
    }
    if (state->percent < state->wanted) {
        const float rise_ms = parts->rise_ms > 0 ? (float)parts->rise_ms : 1.0f;
        const float next = state->percent + 100.0f * (float)passed_ms / rise_ms;

        pulse(channel, next < state->wanted ? next : state->wanted);
    }
}

static uint8_t drive(const struct channel *channel, float percent)
{
    struct esc_state *state = channel->state;

    if (state->broken)
        return LINK_REFUSAL_FAULT;
    state->wanted = percent;
    if (percent < state->percent)
        pulse(channel, percent);
    return 0;
}

static struct reading read(const struct channel *channel)
{
    const struct esc_state *state = channel->state;

    return (struct reading){.value = state->percent, .fault = state->broken ? LINK_FAULT_NO_ANSWER : 0};
}

const struct channel_kind esc_kind = {.name = "esc", .start = start, .tick = tick, .read = read, .drive = drive};
