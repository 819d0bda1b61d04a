/*
 * A brushed motor between two end switches. It stops of itself, without the host: at an end switch, at an obstacle
 * (too much current for 50 ms), jammed (driven, and the encoder has not moved for 500 ms), and when its current
 * cannot be measured. Motor faults end with the next drive, which tries again; towards an obstacle only after it has
 * rested.
 */
#include "motor.h"

#include <math.h>

#include "../drivers/adc.h"
#include "../drivers/clock.h"
#include "../drivers/encoder.h"
#include "../drivers/gpio.h"
#include "../gen/link_messages.h"

#define TICK_HZ 2000000u
#define PERIOD 100u /* 20 kHz, a step a percent */
#define OBSTACLE_MS 50u
#define JAMMED_MS 500u
#define REST_MS 1000u /* what closes again and again onto a foot heats the motor, and hurts */

enum { BACK, FRONT };

static int8_t direction(float percent) { return (int8_t)(percent > 0.0f ? 1 : percent < 0.0f ? -1 : 0); }

/* The bridge. Directions act at once, the pulses from their next period on: so the pins go low first and high last. */
static void put(const struct channel *channel, float percent)
{
    const struct motor *parts = channel->parts;
    struct motor_state *state = channel->state;
    const int8_t to = direction(percent);

    if (to <= 0)
        gpio_write(parts->forward_pin, false);
    if (to >= 0)
        gpio_write(parts->backward_pin, false);
    pwm_set(parts->pwm, (uint16_t)(fabsf(percent) * (PERIOD / 100.0f) + 0.5f));
    if (to > 0)
        gpio_write(parts->forward_pin, true);
    if (to < 0)
        gpio_write(parts->backward_pin, true);
    state->percent = percent;
}

static void halt(const struct channel *channel, uint8_t fault, uint8_t event)
{
    struct motor_state *state = channel->state;
    const float stood = state->percent != 0.0f ? state->percent : state->wanted;

    state->wanted = 0.0f;
    state->over_ms = 0;
    state->still_ms = 0;
    state->fault = fault;
    put(channel, 0.0f);
    channel_stopped(channel);
    if (event)
        channel_event(channel, event, stood);
}

static void look_at_ends(const struct motor *parts, struct motor_state *state)
{
    state->at_end[BACK] = gpio_read(parts->back_end_pin);
    state->at_end[FRONT] = gpio_read(parts->front_end_pin);
    if (state->at_end[BACK] == state->at_end[FRONT])
        return; /* between them; or both are off, and the position is not where they say */
    state->placed = true;
    state->back_end_counts = state->counts;
    if (state->at_end[FRONT])
        state->back_end_counts -= (int32_t)lroundf(parts->travel * parts->counts_a_unit);
}

static bool at_end(const struct motor_state *state, float percent)
{
    return percent != 0.0f && state->at_end[percent > 0.0f ? FRONT : BACK];
}

static void look_at_current(const struct motor *parts, struct motor_state *state)
{
    uint16_t raw = 0;

    state->current_fault = adc_read(parts->current_adc, &raw) ? 0 : LINK_FAULT_TIME_OUT;
    state->amperes = state->current_fault ? NAN : parts->amperes_at_full * (float)raw / (float)ADC_FULL_SCALE;
}

/* Nearer to what is wanted by at most what rise_ms allows; slower and off is always allowed at once. */
static float nearer(const struct motor *parts, const struct motor_state *state, uint32_t passed_ms)
{
    const int8_t to = direction(state->wanted);
    const float from = direction(state->percent) == to ? fabsf(state->percent) : 0.0f; /* it turns round through zero */
    const float next = from + 100.0f * (float)passed_ms / (float)(parts->rise_ms > 0 ? parts->rise_ms : 1);

    return next < fabsf(state->wanted) ? (float)to * next : state->wanted;
}

static void start(const struct channel *channel)
{
    const struct motor *parts = channel->parts;
    struct motor_state *state = channel->state;

    *state = (struct motor_state){.last_ms = clock_ms(), .amperes = NAN};
    gpio_output(parts->forward_pin, false);
    gpio_output(parts->backward_pin, false);
    gpio_input(parts->back_end_pin, GPIO_PULL_UP);
    gpio_input(parts->front_end_pin, GPIO_PULL_UP);
    gpio_analog(parts->current_pin);
    for (int i = 0; i < 2; i++)
        gpio_alternate(parts->encoder_pins[i], parts->encoder_function, false);
    if (!pwm_start(parts->pwm, TICK_HZ, PERIOD) || !encoder_start(parts->encoder_timer)) {
        state->fault = LINK_FAULT_NO_ANSWER; /* the board's table names a timer that it cannot have: never driven */
        return;
    }
    gpio_alternate(parts->pwm_pin, parts->pwm_function, false);
    state->counts = encoder_read(parts->encoder_timer);
    look_at_ends(parts, state);
}

static void tick(const struct channel *channel, uint32_t now_ms)
{
    const struct motor *parts = channel->parts;
    struct motor_state *state = channel->state;
    const uint32_t passed_ms = now_ms - state->last_ms;
    const int32_t before = state->counts;

    if (state->fault == LINK_FAULT_NO_ANSWER)
        return;
    state->last_ms = now_ms;
    state->counts = encoder_read(parts->encoder_timer);
    look_at_ends(parts, state);
    look_at_current(parts, state);
    if (state->met && now_ms - state->met_ms >= REST_MS)
        state->met = 0;
    if (state->wanted == 0.0f)
        return;

    state->over_ms = state->amperes > parts->most_amperes ? state->over_ms + passed_ms : 0;
    const bool should_move = state->percent != 0.0f && fabsf(state->percent) >= parts->least_percent;

    state->still_ms = should_move && state->counts == before ? state->still_ms + passed_ms : 0;
    if (at_end(state, state->wanted)) {
        halt(channel, 0, LINK_EVENT_END_REACHED);
    } else if (state->current_fault) {
        halt(channel, LINK_FAULT_TIME_OUT, 0);
    } else if (state->over_ms >= OBSTACLE_MS) {
        state->met = direction(state->wanted);
        state->met_ms = now_ms;
        halt(channel, 0, LINK_EVENT_OBSTACLE);
    } else if (state->still_ms >= JAMMED_MS) {
        halt(channel, LINK_FAULT_JAMMED, 0);
    } else {
        put(channel, nearer(parts, state, passed_ms));
    }
}

static uint8_t drive(const struct channel *channel, float percent)
{
    struct motor_state *state = channel->state;

    if (state->fault == LINK_FAULT_NO_ANSWER)
        return percent == 0.0f ? 0 : LINK_REFUSAL_FAULT;
    if (at_end(state, percent) || (percent != 0.0f && direction(percent) == state->met))
        return LINK_REFUSAL_BLOCKED;
    state->fault = percent != 0.0f ? 0 : state->fault;
    state->wanted = percent;
    if (percent == 0.0f) {
        state->over_ms = 0;
        state->still_ms = 0;
        put(channel, 0.0f);
    }
    return 0;
}

static struct reading read(const struct channel *channel)
{
    const struct motor_state *state = channel->state;

    return (struct reading){.value = state->percent, .fault = state->fault};
}

const struct channel_kind motor_kind = {.name = "motor", .start = start, .tick = tick, .read = read, .drive = drive};
