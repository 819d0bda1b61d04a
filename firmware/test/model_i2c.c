/* See model_i2c.h. */
#include "model_i2c.h"
#include "../board/stm32f4/registers.h"
#include "model_chip.h"
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <cmocka.h>

#define PORT GPIO_PORT(1u)
#define SCL (1u << 8)
#define SDA (1u << 9)

struct i2c_model i2c_model;

static uint32_t control, status1, lines;
static bool busy, addressed, reading, sr1_read, stop_wanted;
/* Bytes on their way to the master: the register and the shift register behind it. */
static uint8_t data, shift;
static bool data_full, shift_full, acknowledged_next;

static void end(void)
{
    busy = reading = addressed = false;
    stop_wanted = false;
    i2c_model.stops++;
}

/* Time passes: the next byte arrives if there is room for it and the last one was acknowledged. Before ADDR is ended
 * SCL is held down (RM0390 24.3.3). */
static void arrive(void)
{
    if (!reading || !addressed || shift_full || i2c_model.trouble == I2C_SILENT_DATA || i2c_model.last_refused) {
        return;
    }
    uint8_t byte = i2c_model.gives[i2c_model.given_count++ % sizeof i2c_model.gives];
    /* RM0390 24.6.1: with POS the bit ACK is for the byte after this one */
    bool acknowledged = (control & I2C_CR1_POS) != 0u ? acknowledged_next : (control & I2C_CR1_ACK) != 0u;
    acknowledged_next = (control & I2C_CR1_ACK) != 0u;
    i2c_model.last_refused = !acknowledged;
    if (data_full) {
        shift = byte;
        shift_full = true;
        status1 |= I2C_SR1_BTF;
    } else {
        data = byte;
        data_full = true;
        status1 |= I2C_SR1_RXNE;
    }
    if (stop_wanted && i2c_model.last_refused) {
        end();
    }
}

static uint32_t take_data(void)
{
    assert_true(data_full);
    uint8_t byte = data;
    status1 &= ~I2C_SR1_BTF;
    data_full = shift_full;
    data = shift;
    shift_full = false;
    if (!data_full) {
        status1 &= ~I2C_SR1_RXNE;
    }
    return byte;
}

static uint32_t reads(uint32_t offset)
{
    switch (offset) {
    case I2C_CR1:
        return control;
    case I2C_SR1:
        arrive();
        sr1_read = true;
        return status1;
    case I2C_SR2:
        if (sr1_read && (status1 & I2C_SR1_ADDR) != 0u) {
            status1 &= ~I2C_SR1_ADDR;
            addressed = true;
            if (!reading && i2c_model.trouble != I2C_SILENT_DATA) {
                status1 |= I2C_SR1_TXE;
            }
        }
        return busy || i2c_model.held_for > 0u || i2c_model.scl_shorted ? I2C_SR2_BUSY : 0u;
    case I2C_DR:
        return take_data();
    default:
        return chip_get(I2C_BUS(1u) + offset);
    }
}

static void start(void)
{
    i2c_model.starts++;
    busy = true;
    status1 = 0;
    sr1_read = addressed = reading = data_full = shift_full = false;
    i2c_model.last_refused = false;
    acknowledged_next = true;
    if (i2c_model.trouble == I2C_BUS_ERROR) {
        status1 = I2C_SR1_BERR;
    } else if (i2c_model.trouble != I2C_NO_START) {
        status1 = I2C_SR1_SB;
    }
}

static void send_address(uint32_t value)
{
    status1 &= ~I2C_SR1_SB;
    reading = (value & 1u) != 0u;
    if (i2c_model.trouble == I2C_LOST_LINE) {
        status1 |= I2C_SR1_ARLO;
        reading = false;
    } else if (i2c_model.trouble == I2C_SILENT_ADDRESS) {
        reading = false;
    } else if (value >> 1 == i2c_model.address) {
        status1 |= I2C_SR1_ADDR;
    } else {
        status1 |= I2C_SR1_AF;
        reading = false;
    }
}

static void send_data(uint32_t value)
{
    assert_true(addressed && (status1 & I2C_SR1_TXE) != 0u);
    status1 &= ~(I2C_SR1_TXE | I2C_SR1_BTF);
    if (i2c_model.got_count == i2c_model.takes) {
        status1 |= I2C_SR1_AF;
        return;
    }
    i2c_model.got[i2c_model.got_count++ % sizeof i2c_model.got] = (uint8_t)value;
    status1 |= I2C_SR1_TXE | I2C_SR1_BTF;
}

static void control_written(uint32_t value)
{
    if ((value & I2C_CR1_SWRST) != 0u) {
        i2c_model.resets++;
        control = status1 = 0;
        busy = reading = false;
        return;
    }
    control = value & ~(I2C_CR1_START | I2C_CR1_STOP);
    if ((value & I2C_CR1_START) != 0u) {
        start();
    }
    if ((value & I2C_CR1_STOP) != 0u) {
        if (reading && !i2c_model.last_refused) {
            stop_wanted = true; /* after the byte that is on its way */
        } else {
            end();
        }
    }
}

static void written(uint32_t offset, uint32_t value)
{
    switch (offset) {
    case I2C_CR1:
        control_written(value);
        return;
    case I2C_SR1:
        status1 &= value | ~(I2C_SR1_AF | I2C_SR1_BERR | I2C_SR1_ARLO);
        return;
    case I2C_DR:
        assert_true(sr1_read);
        if ((status1 & I2C_SR1_SB) != 0u) {
            send_address(value);
        } else {
            send_data(value);
        }
        return;
    default:
        assert_int_equal(control & I2C_CR1_PE, 0); /* RM0390 24.6.8, 24.6.9: only while it is off */
        chip_put(I2C_BUS(1u) + offset, value);
    }
}

static uint32_t port_reads(uint32_t offset)
{
    if (offset != GPIO_IDR) {
        return chip_get(PORT + offset);
    }
    return (i2c_model.held_for > 0u ? lines & ~SDA : lines) & (i2c_model.scl_shorted ? ~SCL : ~0u);
}

static void port_written(uint32_t offset, uint32_t value)
{
    chip_put(PORT + offset, value);
    if (offset != GPIO_BSRR) {
        return;
    }
    uint32_t before = lines;
    lines = (lines | (value & 0xFFFFu)) & ~(value >> 16);
    if ((lines & ~before & SCL) != 0u) {
        i2c_model.clocks++;
        if (i2c_model.held_for > 0u && i2c_model.held_for != UINT_MAX) {
            i2c_model.held_for--;
        }
    }
}

void i2c_model_attach(void)
{
    memset(&i2c_model, 0, sizeof i2c_model);
    i2c_model.address = 0x44;
    i2c_model.takes = sizeof i2c_model.got;
    for (uint8_t at = 0; at < sizeof i2c_model.gives; at++) {
        i2c_model.gives[at] = (uint8_t)(0xA0u + at);
    }
    control = status1 = 0;
    lines = SCL | SDA;
    busy = reading = addressed = sr1_read = stop_wanted = data_full = shift_full = false;
    chip_attach((struct chip_part){I2C_BUS(1u), 0x28, reads, written});
    chip_attach((struct chip_part){PORT, 0x28, port_reads, port_written});
}
