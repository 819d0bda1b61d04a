/*
 * An I2C bus as such (RM0390, chapter 24): how it is set up, 100 kHz, and how it is freed. A part that was cut off in
 * the middle of a byte holds SDA down until somebody clocks its byte out (UM10204, 3.1.16).
 */
#include "i2c_bus.h"
#include "../board/stm32f4/registers.h"
#include "clock.h"
#include "gpio.h"
#include "i2c.h"
#include "mmio.h"
#include "rcc.h"

#define BUSES 3u
#define SPEED_HZ 100000u
#define HALF_CLOCK_US 5u

static struct {
    uint8_t scl, sda, alternate;
} pins[BUSES + 1u];

bool i2c_is_bus(uint8_t bus)
{
    return bus >= 1u && bus <= BUSES;
}

uint32_t i2c_status1(uint8_t bus)
{
    return mmio_read(I2C_BUS(bus) + I2C_SR1); /* RM0390 24.6.6 */
}

uint32_t i2c_status2(uint8_t bus)
{
    return mmio_read(I2C_BUS(bus) + I2C_SR2); /* RM0390 24.6.7: after SR1 this read ends ADDR */
}

void i2c_control(uint8_t bus, uint32_t bits)
{
    mmio_write(I2C_BUS(bus) + I2C_CR1, I2C_CR1_PE | bits); /* RM0390 24.6.1 */
}

/* Sets the peripheral to its beginning: after a fault its own idea of the bus is not to be trusted. */
static void set_up(uint8_t bus)
{
    uint32_t base = I2C_BUS(bus);
    mmio_write(base + I2C_CR1, I2C_CR1_SWRST);
    mmio_write(base + I2C_CR1, 0u);
    mmio_write(base + I2C_CR2, rcc_apb1_hz() / 1000000u);              /* RM0390 24.6.2 */
    mmio_write(base + I2C_CCR, rcc_apb1_hz() / (2u * SPEED_HZ));       /* RM0390 24.6.8 */
    mmio_write(base + I2C_TRISE, rcc_apb1_hz() / 1000000u + 1u);       /* RM0390 24.6.9: 1000 ns */
    i2c_control(bus, 0u);
}

bool i2c_free(uint8_t bus)
{
    uint8_t scl = pins[bus].scl, sda = pins[bus].sda;
    gpio_open_drain(sda, true);
    gpio_open_drain(scl, true);
    for (uint8_t clock = 0; clock < 9u; clock++) {
        gpio_write(scl, false);
        clock_wait_us(HALF_CLOCK_US);
        gpio_write(scl, true);
        clock_wait_us(HALF_CLOCK_US);
    }
    gpio_write(scl, false);
    gpio_write(sda, false);
    clock_wait_us(HALF_CLOCK_US);
    gpio_write(scl, true);
    clock_wait_us(HALF_CLOCK_US);
    gpio_write(sda, true);
    clock_wait_us(HALF_CLOCK_US);
    bool free = gpio_read(scl) && gpio_read(sda);
    gpio_alternate(scl, pins[bus].alternate, true);
    gpio_alternate(sda, pins[bus].alternate, true);
    set_up(bus);
    return free;
}

void i2c_start(uint8_t bus, uint8_t scl_pin, uint8_t sda_pin, uint8_t alternate)
{
    if (!i2c_is_bus(bus)) {
        return;
    }
    pins[bus].scl = scl_pin;
    pins[bus].sda = sda_pin;
    pins[bus].alternate = alternate;
    rcc_enable(RCC_APB1ENR, RCC_APB1ENR_I2C(bus));
    (void)i2c_free(bus); /* the reset may have come in the middle of a byte */
}
