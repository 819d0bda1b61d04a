/* An SHT31 on the bus, as its data sheet has it: it converts for 15.5 ms and does not acknowledge a read before
 * that. */
#include <math.h>

#include "plant_state.h"

#define CONVERSION_MS 15.5

static double ready_ms = -1.0; /* none was asked for */
static uint8_t answer[6];

static uint8_t crc8(const uint8_t *two)
{
    unsigned crc = 0xFFu;

    for (int bit = 0; bit < 16; bit++) {
        crc ^= (unsigned)((two[bit / 8] << (bit % 8)) & 0x80);
        crc = crc & 0x80u ? (crc << 1) ^ 0x131u : crc << 1;
    }
    return (uint8_t)crc;
}

static void put(uint8_t *three, double share)
{
    const long raw = lround(fmin(fmax(share, 0.0), 1.0) * 65535.0);

    three[0] = (uint8_t)(raw >> 8);
    three[1] = (uint8_t)raw;
    three[2] = (uint8_t)(crc8(three) ^ (plant.sht31_damaged != 0.0 ? 0x01u : 0u));
}

static bool write(const uint8_t *data, size_t length)
{
    if (length != 2 || data[0] != 0x24 || data[1] != 0x00)
        return false;
    put(answer, (plant.sht31_c + 45.0) / 175.0);
    put(answer + 3, plant.sht31_percent / 100.0);
    ready_ms = plant.at_ms + CONVERSION_MS;
    return true;
}

static bool read(uint8_t *data, size_t length)
{
    if (ready_ms < 0.0 || plant.at_ms < ready_ms)
        return false;
    for (size_t i = 0; i < length; i++)
        data[i] = i < sizeof answer ? answer[i] : 0xFF;
    ready_ms = -1.0;
    return true;
}

const struct plant_part plant_sht31 = {.write = write, .read = read};
