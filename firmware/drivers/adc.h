/* ADC1, one conversion at a time, 12 bits. */
#ifndef ADC_H
#define ADC_H

#include <stdbool.h>
#include <stdint.h>

#define ADC_FULL_SCALE 4095u
#define ADC_VREFINT 17u /* the internal reference, by which the supply is known */

void adc_start(void);
/* False when the conversion did not end in time. */
bool adc_read(uint8_t channel, uint16_t *value);
/* Supply, mV, from the reference and its factory calibration; 0 when it cannot be known. */
uint16_t adc_supply_mv(void);

#endif
