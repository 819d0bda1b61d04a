/* The two sectors that keep the settings. Erased is all ones; a written bit becomes one again only by erasing. */
#ifndef FLASH_H
#define FLASH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define FLASH_SECTORS 2u
#define FLASH_SECTOR_BYTES 16384u

bool flash_erase(uint8_t sector);
/* `offset` and `length` in words of four bytes. False: what stands there afterwards is not what was to be written. */
bool flash_write(uint8_t sector, size_t offset, const uint32_t *words, size_t length);
void flash_read(uint8_t sector, size_t offset, uint32_t *words, size_t length);

#endif
