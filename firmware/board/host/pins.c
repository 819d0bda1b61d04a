/* The host's gpio.h and pwm.h: an output is remembered for the plant to see, an input is asked of the plant. */
#include "pins.h"

#include "../../drivers/gpio.h"
#include "plant_state.h"

#define TIMERS 15u
#define CHANNELS 4u

enum mode { MODE_INPUT, MODE_OUTPUT, MODE_TIMER };

static struct {
    enum mode mode;
    bool high;
} pins[128];

static struct {
    uint32_t tick_hz; /* 0: does not run */
    uint16_t period;
    uint16_t pulse[CHANNELS];
} timers[TIMERS];

void gpio_write(uint8_t pin, bool high)
{
    pins[pin].high = high;
    plant_pin_written(pin, high);
}

void gpio_output(uint8_t pin, bool high)
{
    pins[pin].mode = MODE_OUTPUT;
    gpio_write(pin, high);
}

void gpio_open_drain(uint8_t pin, bool high) { gpio_output(pin, high); }
void gpio_analog(uint8_t pin) { pins[pin].mode = MODE_INPUT; }

void gpio_input(uint8_t pin, enum gpio_pull pull)
{
    (void)pull;
    pins[pin].mode = MODE_INPUT;
}

void gpio_alternate(uint8_t pin, uint8_t function, bool open_drain)
{
    (void)function, (void)open_drain;
    pins[pin].mode = MODE_TIMER;
}

bool gpio_read(uint8_t pin) { return pins[pin].mode == MODE_OUTPUT ? pins[pin].high : plant_pin_read(pin); }

bool pins_level(uint8_t pin) { return pins[pin].mode == MODE_OUTPUT && pins[pin].high; }

static bool exists(struct pwm pwm) { return pwm.timer < TIMERS && pwm.channel >= 1u && pwm.channel <= CHANNELS; }

bool pwm_start(struct pwm pwm, uint32_t tick_hz, uint16_t period_ticks)
{
    if (!exists(pwm) || tick_hz == 0 || period_ticks == 0)
        return false;
    if (timers[pwm.timer].tick_hz && (timers[pwm.timer].tick_hz != tick_hz || timers[pwm.timer].period != period_ticks))
        return false;
    timers[pwm.timer].tick_hz = tick_hz;
    timers[pwm.timer].period = period_ticks;
    timers[pwm.timer].pulse[pwm.channel - 1u] = 0;
    return true;
}

void pwm_set(struct pwm pwm, uint16_t ticks)
{
    if (exists(pwm))
        timers[pwm.timer].pulse[pwm.channel - 1u] = ticks;
}

static double ticks(uint8_t pin, struct pwm pwm)
{
    return pins[pin].mode == MODE_TIMER ? timers[pwm.timer].pulse[pwm.channel - 1u] : 0.0;
}

double pins_duty(uint8_t pin, struct pwm pwm)
{
    const double period = timers[pwm.timer].period;

    return period > 0.0 ? ticks(pin, pwm) / period : 0.0;
}

double pins_pulse_us(uint8_t pin, struct pwm pwm)
{
    const double hz = timers[pwm.timer].tick_hz;

    return hz > 0.0 ? ticks(pin, pwm) * 1e6 / hz : 0.0;
}
