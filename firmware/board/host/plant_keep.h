/* The world outlasts a reset of the board. */
#ifndef PLANT_KEEP_H
#define PLANT_KEEP_H

#include <stdbool.h>

/* True: the plant is as it was when the board was reset; false: this is the first start. */
bool plant_keep_begin(void);
/* As it is now, it is to be found again. */
void plant_keep(void);

#endif
