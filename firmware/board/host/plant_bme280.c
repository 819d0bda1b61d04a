/*
 * A BME280 on the bus: its registers, its trim, and a conversion when ctrl_meas is written. The raw numbers are found
 * from °C, hPa and % by halving with the sheet's own formulas, which have no simple inverse.
 */
#include <math.h>
#include <string.h>

#include "../../peripherals/bme280.h"
#include "plant_state.h"

#define CONVERSION_MS 9.3

static uint8_t registers[256];
static uint8_t pointer;
static double ready_ms = -1.0;
static double fine;

/* The trim of Bosch's worked example; h as on a real part. */
static const struct bme280_trim trim = {
    .t1 = 27504, .t2 = 26435, .t3 = -1000, .p1 = 36477, .p2 = -10685, .p3 = 3024, .p4 = 2855, .p5 = 140, .p6 = -7,
    .p7 = 15500, .p8 = -14600, .p9 = 6000, .h1 = 75, .h2 = 362, .h3 = 0, .h4 = 313, .h5 = 50, .h6 = 30};
static const uint8_t trim_1[26] = {0x70, 0x6B, 0x43, 0x67, 0x18, 0xFC, 0x7D, 0x8E, 0x43, 0xD6, 0xD0, 0x0B, 0x27,
    0x0B, 0x8C, 0x00, 0xF9, 0xFF, 0x8C, 0x3C, 0xF8, 0xC6, 0x70, 0x17, 0x00, 0x4B};
static const uint8_t trim_2[7] = {0x6A, 0x01, 0x00, 0x13, 0x29, 0x03, 0x1E};

static double celsius(uint32_t raw) { return (double)bme280_celsius(bme280_fine(&trim, raw)); }
/* The pressure falls with its raw number. */
static double minus_hpa(uint32_t raw) { return -(double)bme280_hectopascal(&trim, fine, raw); }
static double percent(uint32_t raw) { return (double)bme280_percent(&trim, fine, raw); }

static uint32_t raw_of(double (*formula)(uint32_t raw), double value, uint32_t most)
{
    uint32_t low = 0, high = most;

    while (low < high) {
        const uint32_t middle = (low + high) / 2u;

        if (formula(middle) < value)
            low = middle + 1u;
        else
            high = middle;
    }
    return low;
}

static void put_20(uint8_t *to, uint32_t raw)
{
    to[0] = (uint8_t)(raw >> 12);
    to[1] = (uint8_t)(raw >> 4);
    to[2] = (uint8_t)(raw << 4);
}

static void convert(void)
{
    const uint32_t t = raw_of(celsius, plant.box_c, 0xFFFFFu);

    fine = bme280_fine(&trim, t);
    put_20(&registers[0xFA], t);
    put_20(&registers[0xF7], raw_of(minus_hpa, -plant.hpa, 0xFFFFFu));
    const uint32_t h = raw_of(percent, plant.room_percent, 0xFFFFu);

    registers[0xFD] = (uint8_t)(h >> 8);
    registers[0xFE] = (uint8_t)h;
}

static bool write(const uint8_t *data, size_t length)
{
    registers[0xD0] = 0x60;
    memcpy(&registers[0x88], trim_1, sizeof trim_1);
    memcpy(&registers[0xE1], trim_2, sizeof trim_2);
    pointer = data[0];
    if (length == 2)
        registers[data[0]] = data[1];
    if (length == 2 && data[0] == 0xF4 && (data[1] & 3u))
        ready_ms = plant.at_ms + CONVERSION_MS;
    return length <= 2;
}

static bool read(uint8_t *data, size_t length)
{
    if (ready_ms >= 0.0 && plant.at_ms >= ready_ms) {
        convert();
        ready_ms = -1.0;
    }
    for (size_t i = 0; i < length; i++)
        data[i] = registers[(pointer + i) & 0xFFu];
    return true;
}

const struct plant_part plant_bme280 = {.write = write, .read = read};
