/* What i2c.c, which speaks over a bus, needs of i2c_bus.c, which keeps it in order. */
#ifndef I2C_BUS_H
#define I2C_BUS_H

#include <stdbool.h>
#include <stdint.h>

bool i2c_is_bus(uint8_t bus);
uint32_t i2c_status1(uint8_t bus);
/* Read after status1 this ends ADDR. */
uint32_t i2c_status2(uint8_t bus);
/* Writes CR1; the peripheral stays on. */
void i2c_control(uint8_t bus, uint32_t bits);
/* Nine clocks and a stop by hand, and the peripheral from its beginning; false: a line is still down. */
bool i2c_free(uint8_t bus);

#endif
