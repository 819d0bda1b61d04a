/* Bodies read and written, and all that no message may be. sources: src/cbor.c src/cbor_write.c src/utf8.c */
#include "../src/cbor.h"

#include <math.h>

#include "../src/utf8.h"
#include "test_support.h"

static struct cbor_value values[8];

static bool read_hex(const char *text)
{
    uint8_t body[300];
    /* As long as the body itself, so that the sanitizer sees every byte beyond its end. */
    const size_t length = hex(text, body);
    static uint8_t *exact;

    free(exact);
    exact = malloc(length == 0 ? 1 : length);
    memcpy(exact, body, length);
    return cbor_read(exact, length, values, 8);
}

static void reads_every_kind_that_a_message_has(void **state)
{
    uint32_t uint;
    float number;
    bool flag;

    (void)state;
    /* {1: 23, 2: 65536, 3: -500, 4: 1.5 as a half, 5: 0.1 as a single, 6: "ä", 7: true} */
    assert_true(read_hex("a7 01 17 02 1a00010000 03 3901f3 04 f93e00 05 fa3dcccccd 06 62c3a4 07 f5"));
    assert_true(cbor_uint(&values[1], 255, &uint) && uint == 23);
    assert_false(cbor_uint(&values[2], 65535, &uint));
    assert_true(cbor_uint(&values[2], UINT32_MAX, &uint) && uint == 65536);
    assert_true(cbor_number(&values[2], &number) && number == 65536.0f);
    assert_true(cbor_number(&values[3], &number) && number == -500.0f);
    assert_true(cbor_number(&values[4], &number) && number == 1.5f);
    assert_true(cbor_number(&values[5], &number) && number == 0.1f);
    assert_int_equal(values[6].span.length, 2);
    assert_true(cbor_flag(&values[7], &flag) && flag);
    assert_false(cbor_uint(&values[0], 255, &uint) || cbor_number(&values[0], &number) || cbor_flag(&values[0], &flag));
    assert_false(cbor_uint(&values[7], 255, &uint) || cbor_number(&values[6], &number) || cbor_flag(&values[1], &flag));
}

static void halves_are_those_of_the_standard(void **state)
{
    /* RFC 8949, appendix A. */
    static const struct {
        const char *body;
        float value;
    } HALVES[] = {{"a101f90000", 0.0f},    {"a101f93c00", 1.0f},      {"a101f97bff", 65504.0f},    {"a101f9c400", -4.0f},
                  {"a101f90001", 0x1p-24f}, {"a101f90400", 0x1p-14f}, {"a101f98000", -0.0f}};
    float number;

    (void)state;
    for (size_t i = 0; i < sizeof HALVES / sizeof *HALVES; i++) {
        assert_true(read_hex(HALVES[i].body));
        assert_true(cbor_number(&values[1], &number));
        assert_true(number == HALVES[i].value);
    }
    static const char *const NO_NUMBERS[] = {"a101f97c00", "a101f9fc00", "a101f97e00", "a101fa7f800000", "a101fa7fc00000"};

    for (size_t i = 0; i < sizeof NO_NUMBERS / sizeof *NO_NUMBERS; i++)
        assert_true(read_hex(NO_NUMBERS[i]) && !cbor_number(&values[1], &number));
}

static void passes_over_what_it_does_not_know(void **state)
{
    static const char *const KNOWN_AFTER_UNKNOWN[] = {
        "a2 17 8201a1016161 01 05"  ,           /* [1, {1: "a"}] */
        "a2 16 4200ff 01 05",                   /* bytes */
        "a2 08 fb3ff8000000000000 01 05",       /* a double */
        "a2 1bffffffffffffffff c1 1a00000001 01 05", /* a key of 64 bits, a tag */
        "a2 20 f6 01 05",                       /* a negative key, null */
        "a2 616b 80 01 05",                     /* a text as key, an empty array */
        "a2 8101 a0 01 05",                     /* an array as key, an empty map */
        "a2 18c8 f8ff 01 05",                   /* a simple value of two bytes */
    };

    (void)state;
    for (size_t i = 0; i < sizeof KNOWN_AFTER_UNKNOWN / sizeof *KNOWN_AFTER_UNKNOWN; i++) {
        assert_true(read_hex(KNOWN_AFTER_UNKNOWN[i]));
        assert_true(values[1].kind == CBOR_UINT && values[1].uint == 5);
    }
    assert_true(read_hex("a4 01 80 02 a0 03 1b0000000100000000 04 3bffffffffffffffff"));
    for (int key = 1; key <= 4; key++)
        assert_int_equal(values[key].kind, CBOR_OTHER);
}

static void refuses_what_is_not_one_whole_map(void **state)
{
    static const char *const DAMAGED[] = {
        "", "80", "01", "f6", "60",                      /* nothing, or no map */
        "a1", "a101", "a2 01 01", "a1 01 1a000000",      /* cut short */
        "a1 01 43 0102", "a1 01 63 6161", "a1 01 f93c",  /* a span, a float cut short */
        "a0 00", "a1 01 01 01",                          /* something behind it */
        "bf 01 01 ff", "a1 01 9f01ff", "a1 01 5f4101ff", /* indefinite lengths */
        "a1 01 1c", "a1 01 fc", "a1 01 ff",              /* reserved */
        "a2 01 01 01 02",                                /* the same key twice */
        "a1 01 61ff", "a1 01 62c080", "a1 01 63eda080",  /* no UTF-8: a stray byte, an overlong form, a surrogate */
        "a1 01 64f4908080", "a1 01 61c3",                /* beyond U+10FFFF, half a character */
        "bb ffffffffffffffff", "a1 17 9bffffffffffffffff", "a1 17 bb8000000000000000", "a1 17 5bffffffffffffffff",
        "a1 17 c1", "a1 17 8201",
    };

    (void)state;
    for (size_t i = 0; i < sizeof DAMAGED / sizeof *DAMAGED; i++) {
        if (read_hex(DAMAGED[i]))
            fail_msg("taken: %s", DAMAGED[i]);
    }
}

static void nesting_as_deep_as_a_body_takes_no_stack(void **state)
{
    uint8_t body[240] = {0xa1, 0x17};

    (void)state;
    memset(body + 2, 0x81, sizeof body - 3);
    body[239] = 0xf6;
    assert_true(cbor_read(body, sizeof body, values, 8));
    body[239] = 0x81;
    assert_false(cbor_read(body, sizeof body, values, 8));
}

static void writes_the_shortest_form(void **state)
{
    uint8_t body[64], expected[64];
    struct cbor_writer writer;

    (void)state;
    cbor_begin(&writer, body, sizeof body);
    cbor_put_uint(&writer, 1, 23);
    cbor_put_uint(&writer, 2, 24);
    cbor_put_uint(&writer, 3, 256);
    cbor_put_uint(&writer, 4, 65536);
    cbor_put_number(&writer, 5, 21.5f);
    cbor_put_text(&writer, 6, "Tür", 24);
    cbor_put_bytes(&writer, 7, (const uint8_t[]){0, 255}, 2);
    cbor_put_flag(&writer, 24, true);
    const size_t length = cbor_end(&writer);

    assert_int_equal(length, hex("a8 0117 021818 03190100 041a00010000 05fa41ac0000 0664 54c3bc72 074200ff 1818f5", expected));
    assert_memory_equal(body, expected, length);
}

static void what_finds_no_room_is_not_sent_by_half(void **state)
{
    uint8_t body[8];
    struct cbor_writer writer;

    (void)state;
    for (size_t most = 0; most < sizeof body; most++) {
        cbor_begin(&writer, body, most);
        cbor_put_number(&writer, 1, 1.0f);
        cbor_put_flag(&writer, 2, false); /* 1 + 6 + 2 bytes */
        assert_int_equal(cbor_end(&writer), 0);
    }
    cbor_begin(&writer, body, sizeof body);
    cbor_put_text(&writer, 1, "abcde", 5);
    assert_int_equal(cbor_end(&writer), 8);
    uint8_t many[100];

    cbor_begin(&writer, many, sizeof many);
    for (uint8_t key = 0; key < 24; key++)
        cbor_put_flag(&writer, key, true);
    assert_int_equal(cbor_end(&writer), 0);
}

static void a_text_is_not_cut_within_a_character(void **state)
{
    (void)state;
    assert_int_equal(utf8_length("abc", 24), 3);
    assert_int_equal(utf8_length("abc", 2), 2);
    assert_int_equal(utf8_length("aä", 2), 1);
    assert_int_equal(utf8_length("a€", 3), 1);
    assert_int_equal(utf8_length("a€", 4), 4);
    assert_int_equal(utf8_length("", 4), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_every_kind_that_a_message_has),
        cmocka_unit_test(halves_are_those_of_the_standard),
        cmocka_unit_test(passes_over_what_it_does_not_know),
        cmocka_unit_test(refuses_what_is_not_one_whole_map),
        cmocka_unit_test(nesting_as_deep_as_a_body_takes_no_stack),
        cmocka_unit_test(writes_the_shortest_form),
        cmocka_unit_test(what_finds_no_room_is_not_sent_by_half),
        cmocka_unit_test(a_text_is_not_cut_within_a_character),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
