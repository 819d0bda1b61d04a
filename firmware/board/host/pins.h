/* The host's pins and timers as the plant sees them: what the firmware puts out. */
#ifndef PINS_H
#define PINS_H

#include <stdbool.h>
#include <stdint.h>

#include "../../drivers/pwm.h"

/* The level that the firmware gives the pin; false as long as it is no output. */
bool pins_level(uint8_t pin);
/* 0-1: which part of the period the pulse takes; 0 while the pin is not handed to a timer. */
double pins_duty(uint8_t pin, struct pwm pwm);
/* How long the pulse is, microseconds. */
double pins_pulse_us(uint8_t pin, struct pwm pwm);

#endif
