/* Texts as bytes: whether they are UTF-8 (RFC 3629), and where one may be cut. */
#ifndef UTF8_H
#define UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

bool utf8_valid(const uint8_t *text, size_t length);
/* The length of `text` (which ends with a zero), or of its beginning when it has more than `most` bytes: no character is cut in two. */
size_t utf8_length(const char *text, size_t most);

#endif
