/* The flash of the settings with its interface (RM0390, chapter 3), strict: what the manual forbids, or leaves open,
 * fails the test. */
#ifndef MODEL_FLASH_H
#define MODEL_FLASH_H

#include <stdbool.h>
#include <stdint.h>

extern uint32_t flash_model_words[2][4096];
extern unsigned flash_model_erases, flash_model_writes;
/* Looks for which an operation goes on; UINT32_MAX: it never ends. */
extern uint32_t flash_model_busy_looks;
/* Cells that are worn out: these bits of each word stay zero when erased, or one when written. */
extern uint32_t flash_model_stuck_low, flash_model_stuck_high;
/* A protection that refuses everything. */
extern bool flash_model_protected;

/* Attaches it to the chip (model_chip.h); locked, full of nonsense. */
void flash_model_attach(void);

#endif
