/* Flash as a file, with flash's own rules: writing clears bits and never sets one, erasing sets all bits of a sector. Without a file it is
 * memory, and forgets. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../../drivers/flash.h"
#include "host.h"

#define SECTOR_WORDS (FLASH_SECTOR_BYTES / 4u)
#define ALL_BYTES ((size_t)FLASH_SECTORS * FLASH_SECTOR_BYTES)

static uint32_t *flash;

bool flash_open(const char *path)
{
    const int file = path == NULL ? -1 : open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    struct stat status = {0};

    if (path != NULL && (file < 0 || fstat(file, &status) != 0 || ftruncate(file, (off_t)ALL_BYTES) != 0)) {
        perror(path);
        return false;
    }
    flash = mmap(NULL, ALL_BYTES, PROT_READ | PROT_WRITE, path == NULL ? MAP_PRIVATE | MAP_ANONYMOUS : MAP_SHARED, file, 0);
    if (file >= 0)
        close(file);
    if (flash == MAP_FAILED) {
        perror("the flash");
        return false;
    }
    if (status.st_size < (off_t)ALL_BYTES)
        memset(flash, 0xff, ALL_BYTES);
    return true;
}

bool flash_erase(uint8_t sector)
{
    memset(flash + sector * SECTOR_WORDS, 0xff, FLASH_SECTOR_BYTES);
    return true;
}

bool flash_write(uint8_t sector, size_t offset, const uint32_t *words, size_t length)
{
    uint32_t *to = flash + sector * SECTOR_WORDS + offset;

    for (size_t i = 0; i < length; i++)
        to[i] &= words[i];
    return memcmp(to, words, length * sizeof *words) == 0;
}

void flash_read(uint8_t sector, size_t offset, uint32_t *words, size_t length)
{
    memcpy(words, flash + sector * SECTOR_WORDS + offset, length * sizeof *words);
}
