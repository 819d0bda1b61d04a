/*
 * ADC1 (RM0390, chapter 13): one conversion when it is asked for, at 21 MHz with the longest sampling (480 cycles),
 * so 23 us, which also suits sources of some ten kiloohms and the internal reference (10 us at least: data sheet,
 * 6.3.23).
 */
#include "adc.h"
#include "../board/stm32f4/registers.h"
#include "clock.h"
#include "mmio.h"
#include "rcc.h"

#define HIGHEST_CHANNEL 18u
#define MOST_US 200u
#define CALIBRATED_AT_MV 3300u

void adc_start(void)
{
    rcc_enable(RCC_APB2ENR, RCC_APB2ENR_ADC1);
    mmio_write(ADC_CCR, ADC_CCR_QUARTER | ADC_CCR_TSVREFE); /* RM0390 13.13.16: APB2 / 4, the reference switched on */
    mmio_write(ADC_CR1, 0u);                                /* RM0390 13.13.2: 12 bits */
    mmio_write(ADC_SMPR1, 0x07FFFFFFu);                     /* RM0390 13.13.4: 480 cycles for all of them */
    mmio_write(ADC_SMPR2, 0x3FFFFFFFu);                     /* RM0390 13.13.5 */
    mmio_write(ADC_SQR1, 0u);                               /* RM0390 13.13.9: one conversion a time */
    mmio_write(ADC_CR2, ADC_CR2_ADON);                      /* RM0390 13.13.3 */
    clock_wait_us(10u); /* data sheet, 6.3.20: 3 us until it is steady, and the reference 10 us */
}

static bool ends_in_time(void)
{
    uint32_t from = clock_us();
    while (clock_us() - from <= MOST_US) {
        if ((mmio_read(ADC_SR) & ADC_SR_EOC) != 0u) {
            return true;
        }
    }
    return false;
}

bool adc_read(uint8_t channel, uint16_t *value)
{
    if (channel > HIGHEST_CHANNEL) {
        return false;
    }
    mmio_write(ADC_SR, 0u);       /* RM0390 13.13.1 */
    mmio_write(ADC_SQR3, channel); /* RM0390 13.13.11 */
    mmio_write(ADC_CR2, ADC_CR2_ADON | ADC_CR2_SWSTART);
    /* QEMU's ADC never says that it has ended, but has a value to give. */
    if (!rcc_emulated() && !ends_in_time()) {
        return false;
    }
    *value = (uint16_t)(mmio_read(ADC_DR) & ADC_FULL_SCALE); /* RM0390 13.13.14 */
    return true;
}

uint16_t adc_supply_mv(void)
{
    uint16_t now;
    if (rcc_emulated() || !adc_read(ADC_VREFINT, &now) || now == 0u) {
        return 0;
    }
    /* Data sheet, 6.3.23: what the factory measured at 3.3 V; the reference stays, so a smaller supply makes it look
     * larger. */
    uint32_t then = mmio_read(VREFINT_CAL_WORD) >> 16;
    uint32_t mv = CALIBRATED_AT_MV * then / now;
    return then == 0u || then > ADC_FULL_SCALE || mv > UINT16_MAX ? 0 : (uint16_t)mv;
}
