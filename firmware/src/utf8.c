/* UTF-8 by the table of RFC 3629, 4: no overlong forms, no surrogates, nothing above U+10FFFF. What goes wrong here would come back to the
 * host in a description and be no text there. */
#include "utf8.h"

static bool follows(uint8_t byte) { return (byte & 0xc0) == 0x80; }

/* How many bytes the character has that begins here; 0 when none does. */
static size_t character(const uint8_t *text, size_t left)
{
    const uint8_t first = text[0];
    const size_t length = first < 0x80 ? 1 : first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0;

    if (length == 0 || length > left)
        return 0;
    for (size_t i = 1; i < length; i++) {
        if (!follows(text[i]))
            return 0;
    }
    if ((first == 0xe0 && text[1] < 0xa0) || (first == 0xed && text[1] > 0x9f) || (first == 0xf0 && text[1] < 0x90) ||
        (first == 0xf4 && text[1] > 0x8f))
        return 0;
    return length;
}

bool utf8_valid(const uint8_t *text, size_t length)
{
    for (size_t at = 0, step; at < length; at += step) {
        step = character(text + at, length - at);
        if (step == 0)
            return false;
    }
    return true;
}

size_t utf8_length(const char *text, size_t most)
{
    size_t length = 0;

    while (length < most && text[length] != 0)
        length++;
    while (length > 0 && follows((uint8_t)text[length]))
        length--;
    return length;
}
