/*
 * General-purpose I/O (RM0390, chapter 7). Outputs are written through BSRR, which needs no read-modify-write and so
 * no critical section; a pin's kind is set by the main loop only.
 */
#include "gpio.h"
#include "../board/stm32f4/registers.h"
#include "mmio.h"
#include "rcc.h"

enum mode { INPUT, OUTPUT, ALTERNATE, ANALOG }; /* RM0390 7.4.1 */

static uint32_t port_of(uint8_t pin)
{
    return GPIO_PORT((uint32_t)pin >> 4);
}

static uint32_t number_of(uint8_t pin)
{
    return pin & 15u;
}

/* Puts `value` into the field of `width` bits that belongs to the pin. */
static void put(uint8_t pin, uint32_t offset, uint32_t width, uint32_t value)
{
    uint32_t shift = number_of(pin) * width;
    uint32_t mask = ((1u << width) - 1u) << shift;
    uint32_t address = port_of(pin) + offset;
    mmio_write(address, (mmio_read(address) & ~mask) | (value << shift));
}

static void set_up(uint8_t pin, enum mode mode, bool open_drain, enum gpio_pull pull)
{
    put(pin, GPIO_OTYPER, 1u, open_drain ? 1u : 0u); /* RM0390 7.4.2 */
    put(pin, GPIO_PUPDR, 2u, (uint32_t)pull);        /* RM0390 7.4.4 */
    put(pin, GPIO_MODER, 2u, (uint32_t)mode);        /* RM0390 7.4.1: last, or it drives with half a setting */
}

static void clock_on(uint8_t pin)
{
    rcc_enable(RCC_AHB1ENR, 1u << (pin >> 4)); /* RM0390 6.3.10 */
}

static void drive(uint8_t pin, bool high, bool open_drain)
{
    clock_on(pin);
    gpio_write(pin, high);
    set_up(pin, OUTPUT, open_drain, GPIO_FLOAT);
}

void gpio_output(uint8_t pin, bool high)
{
    drive(pin, high, false);
}

void gpio_open_drain(uint8_t pin, bool high)
{
    drive(pin, high, true);
}

void gpio_input(uint8_t pin, enum gpio_pull pull)
{
    clock_on(pin);
    set_up(pin, INPUT, false, pull);
}

void gpio_analog(uint8_t pin)
{
    clock_on(pin);
    set_up(pin, ANALOG, false, GPIO_FLOAT);
}

void gpio_alternate(uint8_t pin, uint8_t function, bool open_drain)
{
    clock_on(pin);
    /* RM0390 7.4.9, 7.4.10: four bits a pin, eight pins a register */
    uint32_t address = port_of(pin) + GPIO_AFRL + 4u * (number_of(pin) >> 3);
    uint32_t shift = 4u * (number_of(pin) & 7u);
    mmio_write(address, (mmio_read(address) & ~(15u << shift)) | ((uint32_t)function << shift));
    /* A shared line rests high even when no part is wired to it. */
    set_up(pin, ALTERNATE, open_drain, open_drain ? GPIO_PULL_UP : GPIO_FLOAT);
}

void gpio_write(uint8_t pin, bool high)
{
    mmio_write(port_of(pin) + GPIO_BSRR, 1u << (number_of(pin) + (high ? 0u : 16u))); /* RM0390 7.4.7 */
}

bool gpio_read(uint8_t pin)
{
    return (mmio_read(port_of(pin) + GPIO_IDR) >> number_of(pin) & 1u) != 0u; /* RM0390 7.4.5 */
}
