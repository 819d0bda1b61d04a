/* Reads a message's map. Each item is taken from what is left of the body, so that every loop ends when that is used up. */
#include "cbor.h"

#include <math.h>
#include <string.h>

#include "utf8.h"

/* Major types (RFC 8949, 3.1). */
enum { UNSIGNED, NEGATIVE, BYTES, TEXT, ARRAY, MAP, TAG, SIMPLE };
enum { FALSE = 20, TRUE = 21, HALF = 25, SINGLE = 26 };

struct rest {
    const uint8_t *at;
    size_t left;
};

struct head {
    uint8_t major, info;
    uint64_t argument;
};

static bool take_head(struct rest *rest, struct head *head)
{
    if (rest->left == 0)
        return false;
    const uint8_t first = *rest->at;
    const uint8_t info = first & 31;

    if (info > 27) /* reserved, or of indefinite length (RFC 8949, 3): no message has that */
        return false;
    const size_t more = info < 24 ? 0 : (size_t)1 << (info - 24);

    if (rest->left < 1 + more)
        return false;
    *head = (struct head){.major = first >> 5, .info = info, .argument = more == 0 ? info : 0};
    for (size_t i = 1; i <= more; i++)
        head->argument = head->argument << 8 | rest->at[i];
    rest->at += 1 + more;
    rest->left -= 1 + more;
    return true;
}

static bool take_span(struct rest *rest, uint64_t length, const uint8_t **at)
{
    if (length > rest->left)
        return false;
    *at = rest->at;
    rest->at += length;
    rest->left -= (size_t)length;
    return true;
}

/* Passes over what an item holds whose head was taken: a count of items still to come stands in for a stack. */
static bool skip(struct rest *rest, struct head head)
{
    const uint8_t *unused;
    uint64_t items = 1;

    for (;;) {
        items--;
        if (head.major == BYTES || head.major == TEXT) {
            if (!take_span(rest, head.argument, &unused))
                return false;
        } else if (head.major == ARRAY || head.major == MAP) {
            /* Each item has a byte at least, so more than is left is a lie, and the sum stays small. */
            if (head.argument > rest->left)
                return false;
            items += head.major == MAP ? 2 * head.argument : head.argument;
        } else if (head.major == TAG) {
            items++;
        }
        if (items == 0)
            return true;
        if (items > rest->left || !take_head(rest, &head))
            return false;
    }
}

static float half(uint32_t bits)
{
    const uint32_t exponent = bits >> 10 & 31, fraction = bits & 1023;
    float value;

    if (exponent == 0)
        value = ldexpf((float)fraction, -24);
    else if (exponent < 31)
        value = ldexpf((float)(fraction + 1024), (int)exponent - 25);
    else
        value = fraction == 0 ? INFINITY : NAN;
    return bits >> 15 ? -value : value;
}

static bool take_value(struct rest *rest, struct cbor_value *value)
{
    struct head head;

    if (!take_head(rest, &head))
        return false;
    const uint32_t low = (uint32_t)head.argument;

    *value = (struct cbor_value){.kind = CBOR_OTHER};
    if (head.major == UNSIGNED && head.argument <= UINT32_MAX) {
        *value = (struct cbor_value){.kind = CBOR_UINT, .uint = low};
    } else if (head.major == NEGATIVE && head.argument <= UINT32_MAX) {
        *value = (struct cbor_value){.kind = CBOR_NEGATIVE, .number = -1.0f - (float)low};
    } else if (head.major == BYTES || head.major == TEXT) {
        value->kind = head.major == TEXT ? CBOR_TEXT : CBOR_BYTES;
        value->span.length = (size_t)head.argument;
        return take_span(rest, head.argument, &value->span.at) &&
               (head.major == BYTES || utf8_valid(value->span.at, value->span.length));
    } else if (head.major == SIMPLE && (head.info == FALSE || head.info == TRUE)) {
        *value = (struct cbor_value){.kind = CBOR_FLAG, .flag = head.info == TRUE};
    } else if (head.major == SIMPLE && head.info == HALF) {
        *value = (struct cbor_value){.kind = CBOR_FLOAT, .number = half(low)};
    } else if (head.major == SIMPLE && head.info == SINGLE) {
        value->kind = CBOR_FLOAT;
        memcpy(&value->number, &low, sizeof low);
    } else {
        return skip(rest, head);
    }
    return true;
}

bool cbor_read(const uint8_t *body, size_t length, struct cbor_value *values, size_t keys)
{
    struct rest rest = {body, length};
    struct head map, key;

    memset(values, 0, keys * sizeof *values);
    if (!take_head(&rest, &map) || map.major != MAP)
        return false;
    for (uint64_t pairs = map.argument; pairs > 0; pairs--) {
        struct cbor_value unknown;

        if (!take_head(&rest, &key) || !skip(&rest, key))
            return false;
        const bool known = key.major == UNSIGNED && key.argument < keys;
        struct cbor_value *value = known ? &values[key.argument] : &unknown;

        if ((known && value->kind != CBOR_NOTHING) || !take_value(&rest, value))
            return false;
    }
    return rest.left == 0;
}

bool cbor_uint(const struct cbor_value *value, uint32_t most, uint32_t *to)
{
    if (value->kind != CBOR_UINT || value->uint > most)
        return false;
    *to = value->uint;
    return true;
}

bool cbor_number(const struct cbor_value *value, float *to)
{
    if (value->kind == CBOR_UINT)
        *to = (float)value->uint;
    else if (value->kind == CBOR_NEGATIVE || value->kind == CBOR_FLOAT)
        *to = value->number;
    else
        return false;
    return isfinite(*to);
}

bool cbor_flag(const struct cbor_value *value, bool *to)
{
    if (value->kind != CBOR_FLAG)
        return false;
    *to = value->flag;
    return true;
}
