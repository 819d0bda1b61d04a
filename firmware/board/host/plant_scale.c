/*
 * A load cell of 5 kg and its HX711: ten conversions a second, told bit by bit over two wires. The plate swings in
 * within half a second; the last bits are noise, always the same.
 */
#include <math.h>

#include "plant_state.h"

#define EMPTY_COUNTS 84000.0
#define COUNTS_PER_KG 420000.0 /* 20 kg are more than it can tell */
#define CONVERSION_MS 100.0
#define SWING_S 0.15
#define PULSES_AT_LEAST 25

static uint32_t sent;
static int pulses;     /* of the reading that is going on */
static bool high;      /* SCK */
static bool ready;
static double next_ms; /* of the next conversion's end */
static uint32_t noise;

void plant_scale_reset(void)
{
    sent = 0;
    pulses = 0;
    high = ready = false;
    next_ms = plant.at_ms + CONVERSION_MS;
    noise = 1;
}

static double noise_counts(void)
{
    noise = noise * 1664525u + 1013904223u; /* Numerical Recipes' generator */
    return (double)(noise >> 24) - 127.5;
}

void plant_scale_step(void)
{
    plant.scale_kg += (plant.load_kg - plant.scale_kg) * PLANT_STEP_S / SWING_S;
    if (plant.at_ms < next_ms)
        return;
    next_ms += CONVERSION_MS;
    const double counts = EMPTY_COUNTS + COUNTS_PER_KG * plant.scale_kg + noise_counts();

    sent = (uint32_t)(int32_t)lround(fmin(fmax(counts, -8388608.0), 8388607.0)) & 0xFFFFFFu;
    pulses = 0;
    ready = true;
}

void plant_scale_clock(bool now_high)
{
    if (now_high && !high)
        pulses++;
    high = now_high;
    if (pulses >= PULSES_AT_LEAST)
        ready = false;
}

bool plant_scale_data(void)
{
    if (plant.scale_gone != 0.0 || !ready)
        return true;
    return pulses == 0 ? false : (sent >> (24 - pulses)) & 1u; /* low: a conversion is there */
}
