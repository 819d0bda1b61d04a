/* What every test needs: cmocka with what it wants included first, and bytes written as hex. */
#ifndef TEST_SUPPORT_H
#define TEST_SUPPORT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
/* After the others, whose types it uses. */
#include <cmocka.h>

/* "a1 01 02" or "a10102"; ends at what is no hex. Returns how many bytes. */
static inline size_t hex(const char *text, uint8_t *to)
{
    size_t length = 0;
    unsigned byte;
    int read;

    while (sscanf(text, " %2x%n", &byte, &read) == 1) {
        to[length++] = (uint8_t)byte;
        text += read;
    }
    return length;
}

#endif
