/* The drivers as the tests of peripherals see them: pins, pulses, a bus and a clock that the test sets and looks at. */
#ifndef FAKE_BOARD_H
#define FAKE_BOARD_H

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include "../drivers/adc.h"
#include "../drivers/clock.h"
#include "../drivers/encoder.h"
#include "../drivers/gpio.h"
#include "../drivers/i2c.h"
#include "../drivers/pwm.h"
#include "../drivers/system.h"
#include "../gen/link_messages.h"
#include "../src/channel.h"

struct fake_board {
    uint32_t ms;
    bool level[128];
    uint8_t function[128];             /* 0: not handed to a timer */
    void (*written)(uint8_t pin, bool high); /* may be null */
    bool no_timer;                     /* pwm_start and encoder_start say no */
    uint32_t tick_hz;
    uint16_t period, pulse;
    int32_t counts;
    uint16_t adc;
    bool adc_fails;
    enum i2c_result bus;
    uint8_t registers[256], pointer;   /* of the part on the bus */
    const uint8_t *answer;             /* read instead of the registers, when not null */
    uint8_t written_bytes[8];
    size_t written_length;
    int critical;                      /* how deep */
    uint8_t event;                     /* the last one */
    float event_value;
    int events, stops;
};
extern struct fake_board fake;

/* cmocka's setup: all at rest. */
int fake_reset(void **state);
/* Lets that long pass, with a tick every `channel->tick_ms`. */
void fake_pass(const struct channel *channel, uint32_t ms);

#endif
