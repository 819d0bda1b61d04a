/* What is told of a channel unasked: its value in a steady rhythm, or when it has changed by more than the deadband, or both. */
#include <math.h>

#include "channels.h"
#include "tell.h"

static struct {
    uint32_t every_ms; /* 0: only changes */
    uint32_t told_ms;
    float deadband, told;
    uint8_t told_fault;
    bool on, fresh; /* watched; nothing was told since it is watched */
    uint16_t counter;
} watch[CHANNELS_MOST];

void watch_start(void)
{
    for (uint8_t index = 0; index < CHANNELS_MOST; index++) {
        watch[index].on = false;
        watch[index].counter = 0;
    }
}

void watch_set(uint8_t index, uint32_t every_ms, float deadband)
{
    watch[index].every_ms = every_ms;
    watch[index].deadband = deadband;
    watch[index].on = watch[index].fresh = true;
}

uint16_t watch_count(uint8_t index) { return watch[index].counter++; }

static bool known(struct reading reading) { return reading.fault != 0 || !isnan(reading.value); }

static bool changed(uint8_t index, struct reading reading)
{
    if (reading.fault != watch[index].told_fault)
        return true;
    if (reading.fault != 0)
        return false;
    if (isnan(reading.value) || isnan(watch[index].told))
        return isnan(reading.value) != isnan(watch[index].told);
    const float by = fabsf(reading.value - watch[index].told);

    return by > 0.0f && by >= watch[index].deadband;
}

void watch_tick(uint8_t index, struct reading reading, bool look, uint32_t now_ms)
{
    if (!watch[index].on)
        return;
    const uint32_t every_ms = watch[index].every_ms, since_ms = now_ms - watch[index].told_ms;
    const bool due = !watch[index].fresh && every_ms != 0 && since_ms >= every_ms;

    if (!due && !(watch[index].fresh && known(reading)) && !(look && !watch[index].fresh && changed(index, reading)))
        return;
    /* In step with the rhythm where that is kept, so that a late turn does not make it slower. */
    watch[index].told_ms = due && since_ms - every_ms < every_ms ? watch[index].told_ms + every_ms : now_ms;
    watch[index].told = reading.value;
    watch[index].told_fault = reading.fault;
    watch[index].fresh = false;
    tell_sample(index, reading);
}
