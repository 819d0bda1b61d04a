/* The whole board, apart from what chip or PC it runs on. */
#ifndef HUB_H
#define HUB_H

#include <stdint.h>

/* Outputs safe, then the line, then the watchdog. After system_start. */
void hub_start(void);
/* Does what is due. Returns how long nothing will be due, µs, unless something comes in on the line. */
uint32_t hub_turn(void);

#endif
