/*
 * The part of CBOR (RFC 8949) that the messages need: one map of definite length from small whole numbers to numbers, texts, bytes, true and
 * false. The reader takes all that a host may write and passes over keys that it does not know, whatever their values are; nothing is
 * copied, and no depth of nesting makes it use more stack.
 */
#ifndef CBOR_H
#define CBOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum cbor_kind {
    CBOR_NOTHING, /* the key is not there */
    CBOR_UINT,
    CBOR_NEGATIVE,
    CBOR_FLOAT,
    CBOR_TEXT,
    CBOR_BYTES,
    CBOR_FLAG,
    CBOR_OTHER, /* whole, but nothing that a message has */
};

struct cbor_value {
    enum cbor_kind kind;
    union {
        uint32_t uint;
        float number; /* of CBOR_NEGATIVE and CBOR_FLOAT */
        bool flag;
        struct {
            const uint8_t *at; /* within the body; a text is UTF-8 that was looked at */
            size_t length;
        } span;
    };
};

/* Finds what stands under the keys 0 to keys - 1; the others are passed over. False: not one whole map and nothing else, a key that comes
 * twice, a text that is no UTF-8. Then `values` means nothing. */
bool cbor_read(const uint8_t *body, size_t length, struct cbor_value *values, size_t keys);

/* What a field is asked to be; false when it is missing or something else. */
bool cbor_uint(const struct cbor_value *value, uint32_t most, uint32_t *to);
bool cbor_number(const struct cbor_value *value, float *to); /* finite */
bool cbor_flag(const struct cbor_value *value, bool *to);

/* A map of at most 23 pairs. What finds no room makes the whole worth nothing (cbor_end gives 0). */
struct cbor_writer {
    uint8_t *to;
    size_t most, length;
    uint8_t pairs;
    bool failed;
};

void cbor_begin(struct cbor_writer *writer, uint8_t *to, size_t most);
void cbor_put_uint(struct cbor_writer *writer, uint8_t key, uint32_t value);
void cbor_put_number(struct cbor_writer *writer, uint8_t key, float value);
/* At most `most` bytes of it, and no half character. */
void cbor_put_text(struct cbor_writer *writer, uint8_t key, const char *text, size_t most);
void cbor_put_bytes(struct cbor_writer *writer, uint8_t key, const uint8_t *bytes, size_t length);
void cbor_put_flag(struct cbor_writer *writer, uint8_t key, bool flag);
/* How many bytes it came to. */
size_t cbor_end(struct cbor_writer *writer);

#endif
