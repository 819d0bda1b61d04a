/*
 * The world outlasts a reset of the board: a door that stood half open still does, and the board does not know where. A reset begins the
 * program anew in the same process (system.c), so the plant lies in memory that has a descriptor, whose number is in the environment.
 */
#include "plant_keep.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "plant_state.h"

#define VARIABLE "SKEIN_HUB_PLANT"

static struct plant *kept;

static int descriptor(const char *before)
{
    const int fd = before ? atoi(before) : memfd_create("skein-plant", 0);

    if (!before && fd >= 0) {
        char number[16];

        (void)snprintf(number, sizeof number, "%d", fd);
        (void)setenv(VARIABLE, number, 1);
    }
    return fd >= 0 && ftruncate(fd, sizeof *kept) == 0 ? fd : -1;
}

bool plant_keep_begin(void)
{
    const char *before = getenv(VARIABLE);
    const int fd = descriptor(before);
    void *memory = fd < 0 ? MAP_FAILED : mmap(NULL, sizeof *kept, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

    if (memory == MAP_FAILED)
        return false; /* then a reset of the board is one of the world, too */
    kept = memory;
    if (before)
        plant = *kept;
    return before != NULL;
}

void plant_keep(void)
{
    if (kept)
        *kept = plant;
}
