/* A quadrature encoder counted by a timer (TIM2-5, 8 in encoder mode 3). */
#ifndef ENCODER_H
#define ENCODER_H

#include <stdbool.h>
#include <stdint.h>

bool encoder_start(uint8_t timer);
/* Counts since the start, over the 16 bits of the timer; to be asked more often than it can count 32767. */
int32_t encoder_read(uint8_t timer);

#endif
