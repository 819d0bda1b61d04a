/* The host's i2c.h, adc.h and encoder.h: all of them ask the plant. */
#include <math.h>

#include "../../drivers/adc.h"
#include "../../drivers/encoder.h"
#include "../../drivers/i2c.h"
#include "plant_state.h"
#include "wiring.h"

void i2c_start(uint8_t bus, uint8_t scl_pin, uint8_t sda_pin, uint8_t alternate)
{
    (void)bus, (void)scl_pin, (void)sda_pin, (void)alternate;
}

static const struct plant_part *part_at(uint8_t bus, uint8_t address)
{
    if (bus == WIRE_BUS && address == WIRE_SHT31 && !plant.sht31_gone)
        return &plant_sht31;
    if (bus == WIRE_BUS && address == WIRE_BME280 && !plant.bme280_gone)
        return &plant_bme280;
    return NULL;
}

enum i2c_result i2c_write(uint8_t bus, uint8_t address, const uint8_t *data, size_t length)
{
    const struct plant_part *part = part_at(bus, address);

    if (plant.bus_stuck)
        return I2C_STUCK;
    return part && part->write(data, length) ? I2C_OK : I2C_NO_ANSWER;
}

enum i2c_result i2c_read(uint8_t bus, uint8_t address, uint8_t *data, size_t length)
{
    const struct plant_part *part = part_at(bus, address);

    if (plant.bus_stuck)
        return I2C_STUCK;
    return part && part->read(data, length) ? I2C_OK : I2C_NO_ANSWER;
}

void adc_start(void) {}

bool adc_read(uint8_t channel, uint16_t *value)
{
    const double share = channel == WIRE_CURRENT_ADC ? plant.door_ampere / PLANT_AMPERE_AT_FULL
        : channel == WIRE_LIGHT_ADC                  ? plant.light_volt / 3.3
                                                     : 0.0;

    *value = (uint16_t)lround(fmin(fmax(share, 0.0), 1.0) * ADC_FULL_SCALE);
    return true;
}

uint16_t adc_supply_mv(void) { return (uint16_t)plant.supply_mv; }

bool encoder_start(uint8_t timer) { return timer == WIRE_DOOR_TIMER; }
int32_t encoder_read(uint8_t timer) { return timer == WIRE_DOOR_TIMER ? plant_door_counts() : 0; }
