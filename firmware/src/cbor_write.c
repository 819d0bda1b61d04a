/* Writes a message's map. Its first byte, which says how many pairs there are, comes last. */
#include <string.h>

#include "cbor.h"
#include "utf8.h"

enum { UNSIGNED = 0 << 5, BYTES = 2 << 5, TEXT = 3 << 5, MAP = 5 << 5, FALSE = 0xf4, TRUE = 0xf5, SINGLE = 0xfa };
#define MOST_PAIRS 23u

static void put(struct cbor_writer *writer, const uint8_t *bytes, size_t length)
{
    if (writer->failed || length > writer->most - writer->length) {
        writer->failed = true;
        return;
    }
    if (length > 0)
        memcpy(writer->to + writer->length, bytes, length);
    writer->length += length;
}

/* `first` and as many of the value's last bytes as `more` says, the high ones first. */
static void put_bytes_of(struct cbor_writer *writer, unsigned first, uint32_t value, size_t more)
{
    const uint8_t bytes[] = {(uint8_t)(value >> 24), (uint8_t)(value >> 16), (uint8_t)(value >> 8), (uint8_t)value};
    const uint8_t initial = (uint8_t)first;

    put(writer, &initial, 1);
    put(writer, bytes + 4 - more, more);
}

/* In the shortest form (RFC 8949, 4.2.1). */
static void put_head(struct cbor_writer *writer, unsigned major, uint32_t argument)
{
    if (argument < 24)
        put_bytes_of(writer, major | argument, 0, 0);
    else if (argument <= UINT8_MAX)
        put_bytes_of(writer, major | 24, argument, 1);
    else if (argument <= UINT16_MAX)
        put_bytes_of(writer, major | 25, argument, 2);
    else
        put_bytes_of(writer, major | 26, argument, 4);
}

static void put_key(struct cbor_writer *writer, uint8_t key)
{
    writer->pairs++;
    put_head(writer, UNSIGNED, key);
}

void cbor_begin(struct cbor_writer *writer, uint8_t *to, size_t most)
{
    *writer = (struct cbor_writer){.to = to, .most = most, .length = 1, .failed = most == 0};
}

void cbor_put_uint(struct cbor_writer *writer, uint8_t key, uint32_t value)
{
    put_key(writer, key);
    put_head(writer, UNSIGNED, value);
}

void cbor_put_number(struct cbor_writer *writer, uint8_t key, float value)
{
    uint32_t bits;

    memcpy(&bits, &value, sizeof bits);
    put_key(writer, key);
    put_bytes_of(writer, SINGLE, bits, 4);
}

void cbor_put_text(struct cbor_writer *writer, uint8_t key, const char *text, size_t most)
{
    const size_t length = utf8_length(text, most);

    put_key(writer, key);
    put_head(writer, TEXT, (uint32_t)length);
    put(writer, (const uint8_t *)text, length);
}

void cbor_put_bytes(struct cbor_writer *writer, uint8_t key, const uint8_t *bytes, size_t length)
{
    put_key(writer, key);
    put_head(writer, BYTES, (uint32_t)length);
    put(writer, bytes, length);
}

void cbor_put_flag(struct cbor_writer *writer, uint8_t key, bool flag)
{
    put_key(writer, key);
    put_bytes_of(writer, flag ? TRUE : FALSE, 0, 0);
}

size_t cbor_end(struct cbor_writer *writer)
{
    if (writer->failed || writer->pairs > MOST_PAIRS)
        return 0;
    writer->to[0] = (uint8_t)(MAP | writer->pairs);
    return writer->length;
}
