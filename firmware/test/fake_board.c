/* The drivers as the tests of peripherals see them. */
#include "fake_board.h"

#include <string.h>

struct fake_board fake;

int fake_reset(void **state)
{
    (void)state;
    memset(&fake, 0, sizeof fake);
    fake.ms = 0xFFFFFF00u; /* soon goes round, in every test */
    return 0;
}

void fake_pass(const struct channel *channel, uint32_t ms)
{
    for (uint32_t passed = 0; passed < ms; passed += channel->tick_ms) {
        fake.ms += channel->tick_ms;
        channel->kind->tick(channel, fake.ms);
    }
}

uint32_t clock_ms(void) { return fake.ms; }
uint32_t clock_us(void) { return fake.ms * 1000u; }
void clock_wait_us(uint32_t us) { assert_in_range(us, 0, 10); /* nobody waits */ }

void gpio_write(uint8_t pin, bool high)
{
    fake.level[pin] = high;
    if (fake.written)
        fake.written(pin, high);
}

void gpio_output(uint8_t pin, bool high) { gpio_write(pin, high); }
void gpio_input(uint8_t pin, enum gpio_pull pull) { (void)pin, (void)pull; }
void gpio_analog(uint8_t pin) { (void)pin; }
bool gpio_read(uint8_t pin) { return fake.level[pin]; }

void gpio_alternate(uint8_t pin, uint8_t function, bool open_drain)
{
    (void)open_drain;
    fake.function[pin] = function;
}

bool pwm_start(struct pwm pwm, uint32_t tick_hz, uint16_t period_ticks)
{
    (void)pwm;
    fake.tick_hz = tick_hz;
    fake.period = period_ticks;
    return !fake.no_timer;
}

void pwm_set(struct pwm pwm, uint16_t ticks)
{
    (void)pwm;
    assert_in_range(ticks, 0, fake.period);
    fake.pulse = ticks;
}

bool encoder_start(uint8_t timer) { return timer != 0 && !fake.no_timer; }
int32_t encoder_read(uint8_t timer) { return timer != 0 ? fake.counts : 0; }

bool adc_read(uint8_t channel, uint16_t *value)
{
    (void)channel;
    *value = fake.adc;
    return !fake.adc_fails;
}

enum i2c_result i2c_write(uint8_t bus, uint8_t address, const uint8_t *data, size_t length)
{
    (void)bus, (void)address;
    assert_in_range(length, 1, sizeof fake.written_bytes);
    if (fake.bus != I2C_OK)
        return fake.bus;
    memcpy(fake.written_bytes, data, length);
    fake.written_length = length;
    fake.pointer = data[0];
    if (length == 2)
        fake.registers[data[0]] = data[1];
    return I2C_OK;
}

enum i2c_result i2c_read(uint8_t bus, uint8_t address, uint8_t *data, size_t length)
{
    (void)bus, (void)address;
    if (fake.bus == I2C_OK)
        memcpy(data, fake.answer ? fake.answer : &fake.registers[fake.pointer], length);
    return fake.bus;
}

uint32_t critical_enter(void) { return (uint32_t)fake.critical++; }
void critical_leave(uint32_t state) { fake.critical = (int)state; }

void channel_event(const struct channel *channel, uint8_t event, float value)
{
    (void)channel;
    fake.event = event;
    fake.event_value = value;
    fake.events++;
}

void channel_stopped(const struct channel *channel)
{
    (void)channel;
    fake.stops++;
}
