/* Clocks: which part of the chip gets one, and how fast they go. Used by the drivers only. */
#ifndef RCC_H
#define RCC_H

#include <stdbool.h>
#include <stdint.h>

/* Gives a part its clock: `enable` is RCC_AHB1ENR, RCC_APB1ENR or RCC_APB2ENR. */
void rcc_enable(uint32_t enable, uint32_t bit);
/* Hz of APB1, where USART2 and the I2Cs are. */
uint32_t rcc_apb1_hz(void);
/* Hz of the processor. */
uint32_t rcc_core_hz(void);
/* Hz that all timers count at before their prescalers. */
uint32_t rcc_timer_hz(void);
/* The chip is an emulated one: registers of the factory's numbers are not there, a read of them faults. */
bool rcc_emulated(void);

#endif
