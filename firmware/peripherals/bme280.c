/*
 * Bosch BME280 (BST-BME280-DS001-23): one conversion at a time ("forced mode"), so that the part does not warm
 * itself. The part is asked who it is and for its trim before the first conversion, and again after it was gone: it
 * may be another one.
 */
#include "bme280.h"

#include <math.h>

#include "../drivers/clock.h"
#include "../gen/link_messages.h"

#define REG_ID 0xD0u /* 5.4.1: 0x60 */
#define REG_CTRL_HUM 0xF2u
#define REG_CTRL_MEAS 0xF4u
#define REG_DATA 0xF7u
#define REG_TRIM_1 0x88u
#define REG_TRIM_2 0xE1u
#define CONVERSION_MS 10u  /* 9.1: 9.3 ms at the most with each quantity once */
#define SKIPPED 0x80000u   /* 5.4.7: what stands there when nothing was converted */
#define SKIPPED_H 0x8000u

static uint8_t get(const struct bme280 *parts, uint8_t reg, uint8_t *bytes, size_t length)
{
    const enum i2c_result asked = i2c_write(parts->bus, parts->address, &reg, 1);

    return misses_fault_of(asked == I2C_OK ? i2c_read(parts->bus, parts->address, bytes, length) : asked);
}

static uint16_t u16(const uint8_t *b) { return (uint16_t)(b[0] | (b[1] << 8)); }
static int16_t s16(const uint8_t *b) { return (int16_t)u16(b); }

/* Table 16: where each number of the trim stands. H4 and H5 share a byte, 4 bits each. */
static void take_trim(struct bme280_trim *trim, const uint8_t *a, const uint8_t *e)
{
    *trim = (struct bme280_trim){
        .t1 = u16(a), .t2 = s16(a + 2), .t3 = s16(a + 4),
        .p1 = u16(a + 6), .p2 = s16(a + 8), .p3 = s16(a + 10), .p4 = s16(a + 12), .p5 = s16(a + 14),
        .p6 = s16(a + 16), .p7 = s16(a + 18), .p8 = s16(a + 20), .p9 = s16(a + 22),
        .h1 = a[25], .h2 = s16(e), .h3 = e[2],
        .h4 = (int16_t)((int8_t)e[3] * 16 + (e[4] & 0x0F)), .h5 = (int16_t)((int8_t)e[5] * 16 + (e[4] >> 4)),
        .h6 = (int8_t)e[6],
    };
}

static uint8_t meet(const struct bme280 *parts, struct bme280_state *state)
{
    uint8_t id = 0, a[26] = {0}, e[7] = {0};
    uint8_t fault = get(parts, REG_ID, &id, 1);

    if (fault == 0 && id != 0x60u)
        return LINK_FAULT_NO_ANSWER; /* somebody else has this address: a BMP280 says 0x58 */
    if (fault == 0)
        fault = get(parts, REG_TRIM_1, a, sizeof a);
    if (fault == 0)
        fault = get(parts, REG_TRIM_2, e, sizeof e);
    if (fault == 0)
        take_trim(&state->trim, a, e);
    return fault;
}

static uint8_t begin(const struct bme280 *parts)
{
    static const uint8_t humidity_once[] = {REG_CTRL_HUM, 0x01}; /* 5.4.3: counts from the next write to ctrl_meas on */
    static const uint8_t all_once[] = {REG_CTRL_MEAS, 0x25};     /* 5.4.5: temperature x1, pressure x1, forced */
    const enum i2c_result first = i2c_write(parts->bus, parts->address, humidity_once, sizeof humidity_once);

    return misses_fault_of(first == I2C_OK ? i2c_write(parts->bus, parts->address, all_once, sizeof all_once) : first);
}

static uint8_t fetch(const struct bme280 *parts, struct bme280_state *state)
{
    uint8_t d[8] = {0};
    const uint8_t fault = get(parts, REG_DATA, d, sizeof d); /* 5.4.7-9, all in one read so that they belong together */

    if (fault)
        return fault;
    const uint32_t p = ((uint32_t)d[0] << 12) | ((uint32_t)d[1] << 4) | (d[2] >> 4);
    const uint32_t t = ((uint32_t)d[3] << 12) | ((uint32_t)d[4] << 4) | (d[5] >> 4);
    const uint32_t h = ((uint32_t)d[6] << 8) | d[7];

    if (p == SKIPPED || t == SKIPPED || h == SKIPPED_H)
        return LINK_FAULT_OUT_OF_RANGE;
    const double fine = bme280_fine(&state->trim, t);

    state->celsius = bme280_celsius(fine);
    state->hectopascal = bme280_hectopascal(&state->trim, fine, p);
    state->percent = bme280_percent(&state->trim, fine, h);
    return 0;
}

static void start(const struct channel *channel)
{
    const struct bme280 *parts = channel->parts;
    struct bme280_state *state = channel->state;

    *state = (struct bme280_state){
        .celsius = NAN, .percent = NAN, .hectopascal = NAN, .since_ms = clock_ms() - parts->every_ms};
}

static void tick(const struct channel *channel, uint32_t now_ms)
{
    const struct bme280 *parts = channel->parts;
    struct bme280_state *state = channel->state;
    const uint32_t passed_ms = now_ms - state->since_ms;
    uint8_t fault = 0;

    if (passed_ms < (state->step == BME280_CONVERTING ? CONVERSION_MS : parts->every_ms))
        return;
    if (state->step == BME280_CONVERTING) {
        fault = fetch(parts, state);
        misses_note(&state->misses, fault);
        state->step = state->misses.fault ? BME280_ABSENT : BME280_RESTING;
    } else {
        fault = state->step == BME280_ABSENT ? meet(parts, state) : 0;
        if (fault == 0)
            fault = begin(parts);
        if (fault)
            misses_note(&state->misses, fault);
        state->step = fault ? BME280_ABSENT : BME280_CONVERTING;
        state->since_ms = now_ms;
    }
}

static struct reading temperature(const struct channel *channel)
{
    const struct bme280_state *state = channel->state;

    return (struct reading){.value = state->celsius, .fault = state->misses.fault};
}

static struct reading humidity(const struct channel *channel)
{
    const struct bme280_state *state = channel->state;

    return (struct reading){.value = state->percent, .fault = state->misses.fault};
}

static struct reading pressure(const struct channel *channel)
{
    const struct bme280_state *state = channel->state;

    return (struct reading){.value = state->hectopascal, .fault = state->misses.fault};
}

const struct channel_kind bme280_temperature_kind = {
    .name = "temperature", .start = start, .tick = tick, .read = temperature};
const struct channel_kind bme280_humidity_kind = {.name = "humidity", .start = start, .tick = tick, .read = humidity};
const struct channel_kind bme280_pressure_kind = {.name = "pressure", .start = start, .tick = tick, .read = pressure};
