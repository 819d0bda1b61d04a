/* The timers of the STM32F4: addresses from RM0390 2.2.2 (table 1), clocks from 6.3.13 and 6.3.14. The F411 has no
 * TIM8, 12, 13 and 14. */
#include "timer.h"
#include "../board/stm32f4/registers.h"
#include <stddef.h>

static const struct timer timers[] = {
    {1, 4, true, true, 0x40010000u, RCC_APB2ENR, 1u << 0},
    {3, 4, false, true, 0x40000400u, RCC_APB1ENR, 1u << 1},
    {4, 4, false, true, 0x40000800u, RCC_APB1ENR, 1u << 2},
    {5, 4, false, true, 0x40000C00u, RCC_APB1ENR, 1u << 3},
    {8, 4, true, true, 0x40010400u, RCC_APB2ENR, 1u << 1},
    {9, 2, false, false, 0x40014000u, RCC_APB2ENR, 1u << 16},
    {10, 1, false, false, 0x40014400u, RCC_APB2ENR, 1u << 17},
    {11, 1, false, false, 0x40014800u, RCC_APB2ENR, 1u << 18},
    {12, 2, false, false, 0x40001800u, RCC_APB1ENR, 1u << 6},
    {13, 1, false, false, 0x40001C00u, RCC_APB1ENR, 1u << 7},
    {14, 1, false, false, 0x40002000u, RCC_APB1ENR, 1u << 8},
};

const struct timer *timer_find(uint8_t number)
{
    for (size_t row = 0; row < sizeof timers / sizeof timers[0]; row++) {
        if (timers[row].number == number) {
            return &timers[row];
        }
    }
    return NULL;
}
