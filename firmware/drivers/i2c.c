/*
 * What is said over I2C (RM0390 24.3.3, master mode), by polling. Every wait has a bound, and every failure leaves
 * the bus free for the next try (i2c_bus.c).
 */
#include "i2c.h"
#include "../board/stm32f4/registers.h"
#include "clock.h"
#include "i2c_bus.h"
#include "mmio.h"
#include "system.h"
#include <stdbool.h>

#define MOST_US 2000u /* a byte takes 90 us; the rest is for parts that hold SCL down while they think */

static enum i2c_result wait_for(uint8_t bus, uint32_t flag)
{
    uint32_t from = clock_us();
    do {
        uint32_t status = i2c_status1(bus);
        if ((status & I2C_SR1_AF) != 0u) {
            return I2C_NO_ANSWER;
        }
        if ((status & (I2C_SR1_BERR | I2C_SR1_ARLO)) != 0u) {
            return I2C_STUCK; /* the line was not where it was put: something else pulls at it */
        }
        if ((status & flag) != 0u) {
            return I2C_OK;
        }
    } while (clock_us() - from <= MOST_US);
    return I2C_TIME_OUT;
}

/* START and the address; ADDR is still set afterwards, so that a read can prepare its end. */
static enum i2c_result address_part(uint8_t bus, uint8_t address, bool reads, uint32_t acknowledge)
{
    uint32_t from = clock_us();
    while ((i2c_status2(bus) & I2C_SR2_BUSY) != 0u) {
        if (clock_us() - from > MOST_US) {
            if (!i2c_free(bus)) {
                return I2C_STUCK;
            }
            break;
        }
    }
    i2c_control(bus, I2C_CR1_START | acknowledge); /* RM0390 24.3.3 */
    enum i2c_result result = wait_for(bus, I2C_SR1_SB);
    if (result != I2C_OK) {
        return result;
    }
    mmio_write(I2C_BUS(bus) + I2C_DR, (uint32_t)address << 1 | (reads ? 1u : 0u)); /* RM0390 24.6.5 */
    return wait_for(bus, I2C_SR1_ADDR);
}

/* After a failure: an orderly stop where the part only refused, a fresh start where more is wrong. */
static enum i2c_result end_with(uint8_t bus, enum i2c_result result)
{
    if (result == I2C_NO_ANSWER) {
        i2c_control(bus, I2C_CR1_STOP);
        mmio_write(I2C_BUS(bus) + I2C_SR1, 0u); /* RM0390 24.6.6: AF is ended by writing 0 */
    } else if (result != I2C_OK) {
        bool freed = i2c_free(bus);
        return freed ? result : I2C_STUCK;
    }
    return result;
}

enum i2c_result i2c_write(uint8_t bus, uint8_t address, const uint8_t *data, size_t length)
{
    if (!i2c_is_bus(bus)) {
        return I2C_NO_ANSWER;
    }
    enum i2c_result result = address_part(bus, address, false, 0u);
    if (result == I2C_OK) {
        (void)i2c_status1(bus);
        (void)i2c_status2(bus);
    }
    for (size_t at = 0; result == I2C_OK && at < length; at++) {
        result = wait_for(bus, I2C_SR1_TXE);
        if (result == I2C_OK) {
            mmio_write(I2C_BUS(bus) + I2C_DR, data[at]);
        }
    }
    if (result == I2C_OK && length > 0u) {
        result = wait_for(bus, I2C_SR1_BTF); /* the last byte is out and acknowledged */
    }
    if (result == I2C_OK) {
        i2c_control(bus, I2C_CR1_STOP);
    }
    return end_with(bus, result);
}

static enum i2c_result take(uint8_t bus, uint32_t flag, uint8_t *byte)
{
    enum i2c_result result = wait_for(bus, flag);
    if (result == I2C_OK) {
        *byte = (uint8_t)mmio_read(I2C_BUS(bus) + I2C_DR);
    }
    return result;
}

/* RM0390 24.3.3, "closing the communication": what is to be said after the last byte is said while the one before is
 * on its way, and for one byte while its address still is; nobody may come between. */
static enum i2c_result read_one(uint8_t bus, uint8_t *data)
{
    uint32_t state = critical_enter();
    (void)i2c_status1(bus);
    (void)i2c_status2(bus);
    i2c_control(bus, I2C_CR1_STOP);
    critical_leave(state);
    return take(bus, I2C_SR1_RXNE, data);
}

static enum i2c_result read_end(uint8_t bus, uint8_t *data)
{
    enum i2c_result result = wait_for(bus, I2C_SR1_BTF);
    if (result != I2C_OK) {
        return result;
    }
    uint32_t state = critical_enter();
    i2c_control(bus, I2C_CR1_STOP);
    data[0] = (uint8_t)mmio_read(I2C_BUS(bus) + I2C_DR);
    critical_leave(state);
    return take(bus, I2C_SR1_RXNE, &data[1]);
}

static enum i2c_result read_two(uint8_t bus, uint8_t *data)
{
    uint32_t state = critical_enter();
    (void)i2c_status1(bus);
    (void)i2c_status2(bus);
    i2c_control(bus, I2C_CR1_POS);
    critical_leave(state);
    return read_end(bus, data);
}

static enum i2c_result read_many(uint8_t bus, uint8_t *data, size_t length)
{
    (void)i2c_status1(bus);
    (void)i2c_status2(bus);
    enum i2c_result result = I2C_OK;
    size_t at = 0;
    for (; result == I2C_OK && at < length - 3u; at++) {
        result = take(bus, I2C_SR1_RXNE, &data[at]);
    }
    if (result == I2C_OK) {
        result = wait_for(bus, I2C_SR1_BTF);
    }
    if (result != I2C_OK) {
        return result;
    }
    i2c_control(bus, 0u); /* the byte after the next one is not acknowledged */
    data[at] = (uint8_t)mmio_read(I2C_BUS(bus) + I2C_DR);
    return read_end(bus, &data[at + 1u]);
}

enum i2c_result i2c_read(uint8_t bus, uint8_t address, uint8_t *data, size_t length)
{
    if (!i2c_is_bus(bus) || length == 0u) {
        return I2C_NO_ANSWER;
    }
    uint32_t acknowledge = length == 1u ? 0u : I2C_CR1_ACK | (length == 2u ? I2C_CR1_POS : 0u);
    enum i2c_result result = address_part(bus, address, true, acknowledge);
    if (result == I2C_OK) {
        result = length == 1u ? read_one(bus, data) : length == 2u ? read_two(bus, data) : read_many(bus, data, length);
    }
    return end_with(bus, result);
}
