/* I2C master by polling with bounded waits; a bus that is held down is freed by nine clocks (UM10204, 3.1.16). */
#ifndef I2C_H
#define I2C_H

#include <stddef.h>
#include <stdint.h>

enum i2c_result { I2C_OK, I2C_NO_ANSWER, I2C_TIME_OUT, I2C_STUCK };

/* `bus` is 1-3 (I2Cx); pins are set by the board's table. 100 kHz. */
void i2c_start(uint8_t bus, uint8_t scl_pin, uint8_t sda_pin, uint8_t alternate);
enum i2c_result i2c_write(uint8_t bus, uint8_t address, const uint8_t *data, size_t length);
enum i2c_result i2c_read(uint8_t bus, uint8_t address, uint8_t *data, size_t length);

#endif
