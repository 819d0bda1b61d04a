/* As NOR flash is: writing clears bits and never sets one, erasing sets all of a sector; both take a while in which the power can fail. */
#include "model_flash_power.h"

#include <stdlib.h>
#include <string.h>

struct flash_model flash_model;

void flash_model_erase_all(void)
{
    memset(&flash_model, 0, sizeof flash_model);
    memset(flash_model.words, 0xff, sizeof flash_model.words);
}

/* True: do it. False: the power fails just now, after this much of it. */
static int begin(void)
{
    flash_model.operations++;
    return flash_model.operations != flash_model.cut_at;
}

static int broken(void)
{
    return flash_model.broken_from != 0 && flash_model.operations >= flash_model.broken_from;
}

bool flash_erase(uint8_t sector)
{
    uint32_t *words = flash_model.words[sector];
    const int whole = begin();

    if (broken())
        return false;
    for (size_t i = 0; i < FLASH_SECTOR_BYTES / 4; i++) {
        if (whole || flash_model.cut == CUT_AFTER)
            words[i] = UINT32_MAX;
        else if (flash_model.cut == CUT_WITHIN)
            words[i] |= (uint32_t)rand() & (uint32_t)rand();
    }
    if (!whole)
        longjmp(flash_model.power_failed, 1);
    flash_model.erasures++;
    return true;
}

bool flash_write(uint8_t sector, size_t offset, const uint32_t *words, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        uint32_t *word = &flash_model.words[sector][offset + i];
        const int whole = begin();

        if (broken())
            return false;
        if (whole || flash_model.cut == CUT_AFTER)
            *word &= words[i];
        else if (flash_model.cut == CUT_WITHIN)
            *word &= words[i] | (uint32_t)rand();
        if (!whole)
            longjmp(flash_model.power_failed, 1);
        if (*word != words[i])
            return false;
    }
    return true;
}

void flash_read(uint8_t sector, size_t offset, uint32_t *words, size_t length)
{
    memcpy(words, &flash_model.words[sector][offset], length * sizeof *words);
}
