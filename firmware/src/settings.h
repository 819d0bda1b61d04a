/*
 * What the board keeps over a loss of power: one value for a channel and a setting. Whenever the power fails, even in the middle of a write
 * or an erasure, afterwards each setting is the old one or the new one, whole.
 */
#ifndef SETTINGS_H
#define SETTINGS_H

#include <stdbool.h>
#include <stdint.h>

#define SETTING_TEXT_MOST 24u

enum setting_kind { SETTING_NONE, SETTING_NUMBER, SETTING_TEXT };

struct setting {
    enum setting_kind kind; /* SETTING_NONE: what the firmware was built with */
    float number;
    char text[SETTING_TEXT_MOST + 1]; /* ends with a zero */
};

/* Finds out what is kept. False: something of it was damaged, and what the firmware was built with holds instead. That is told once. */
bool settings_start(void);
/* False: nothing is kept for it. */
bool settings_get(uint8_t channel, uint8_t setting, struct setting *to);
/* False: the flash did not take it, and the old one holds. May take as long as erasing a sector, once in some hundred times. */
bool settings_put(uint8_t channel, uint8_t setting, const struct setting *value);

#endif
