/*
 * Sensirion SHT31 (data sheet, December 2022). A conversion takes up to 15.5 ms: one tick asks for it, a later one
 * fetches it, nobody waits. Each of the two numbers has a checksum of its own.
 */
#include "sht31.h"

#include <math.h>

#include "../drivers/clock.h"
#include "../gen/link_messages.h"

#define CONVERSION_MS 16u
#define ANSWER_BYTES 6u /* temperature, its CRC, humidity, its CRC */

/* CRC-8 of the data sheet, 4.12: polynomial 0x31, begun with 0xFF. */
static uint8_t crc8(const uint8_t *bytes, size_t length)
{
    uint8_t crc = 0xFFu;

    for (size_t i = 0; i < length; i++) {
        crc ^= bytes[i];
        for (int bit = 0; bit < 8; bit++)
            crc = (uint8_t)((crc & 0x80u) ? (uint32_t)(crc << 1) ^ 0x31u : (uint32_t)(crc << 1));
    }
    return crc;
}

static void start(const struct channel *channel)
{
    const struct sht31 *parts = channel->parts;
    struct sht31_state *state = channel->state;

    *state = (struct sht31_state){.celsius = NAN, .percent = NAN, .since_ms = clock_ms() - parts->every_ms};
}

static uint8_t begin(const struct sht31 *parts)
{
    static const uint8_t once[] = {0x24, 0x00}; /* 4.3: high repeatability, without clock stretching */

    return misses_fault_of(i2c_write(parts->bus, parts->address, once, sizeof once));
}

static uint8_t fetch(const struct sht31 *parts, struct sht31_state *state)
{
    uint8_t answer[ANSWER_BYTES] = {0};
    const uint8_t fault = misses_fault_of(i2c_read(parts->bus, parts->address, answer, sizeof answer));

    if (fault)
        return fault;
    if (crc8(answer, 2) != answer[2] || crc8(answer + 3, 2) != answer[5])
        return LINK_FAULT_BAD_CHECKSUM;
    state->celsius = -45.0f + 175.0f * (float)((answer[0] << 8) | answer[1]) / 65535.0f; /* 4.13 */
    state->percent = 100.0f * (float)((answer[3] << 8) | answer[4]) / 65535.0f;
    return 0;
}

static void tick(const struct channel *channel, uint32_t now_ms)
{
    const struct sht31 *parts = channel->parts;
    struct sht31_state *state = channel->state;
    const uint32_t passed_ms = now_ms - state->since_ms;

    if (state->converting && passed_ms >= CONVERSION_MS) {
        state->converting = false;
        misses_note(&state->misses, fetch(parts, state));
    } else if (!state->converting && passed_ms >= parts->every_ms) {
        const uint8_t fault = begin(parts);

        state->since_ms = now_ms;
        state->converting = fault == 0;
        if (fault)
            misses_note(&state->misses, fault);
    }
}

static struct reading temperature(const struct channel *channel)
{
    const struct sht31_state *state = channel->state;

    return (struct reading){.value = state->celsius, .fault = state->misses.fault};
}

static struct reading humidity(const struct channel *channel)
{
    const struct sht31_state *state = channel->state;

    return (struct reading){.value = state->percent, .fault = state->misses.fault};
}

const struct channel_kind sht31_temperature_kind = {
    .name = "temperature", .start = start, .tick = tick, .read = temperature};
const struct channel_kind sht31_humidity_kind = {.name = "humidity", .start = start, .tick = tick, .read = humidity};
