/* Time since the reset. TIM2 counts freely (SysTick loses ticks under load in QEMU); wraps are taken care of. */
#ifndef CLOCK_H
#define CLOCK_H

#include <stdint.h>

/* Microseconds; goes round after 71 minutes, so only differences mean something. */
uint32_t clock_us(void);
/* Milliseconds; goes round after 49 days. */
uint32_t clock_ms(void);
/* Waits that long doing nothing; for a few microseconds of a bus. */
void clock_wait_us(uint32_t us);

#endif
