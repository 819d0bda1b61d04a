/* Two sectors of flash whose power can fail in the middle of any write of a word and of any erasure. */
#ifndef MODEL_FLASH_POWER_H
#define MODEL_FLASH_POWER_H

#include <setjmp.h>
#include <stdint.h>

#include "../drivers/flash.h"

/* What became of the word or the sector in whose writing the power failed. */
enum cut { CUT_BEFORE, CUT_WITHIN, CUT_AFTER, CUT_KINDS };

struct flash_model {
    uint32_t words[FLASH_SECTORS][FLASH_SECTOR_BYTES / 4];
    unsigned operations; /* words written and sectors erased so far */
    unsigned erasures;
    unsigned cut_at; /* the power fails in this operation; 0: never */
    enum cut cut;
    unsigned broken_from; /* operations from this one on fail, as those of worn-out flash do; 0: none */
    jmp_buf power_failed;
};

extern struct flash_model flash_model;
void flash_model_erase_all(void);

#endif
