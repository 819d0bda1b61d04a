/* Stuffing there and back, and what no encoder makes. sources: src/cobs.c */
#include "../src/cobs.h"

#include "test_support.h"

static const struct {
    const char *data, *block;
} PAIRS[] = {
    {"", "01"},
    {"00", "0101"},
    {"0000", "010101"},
    {"11223300", "0411223301"},
    {"11220033", "0311220233"},
    {"11000000", "0211010101"},
    {"01020304", "0501020304"},
};

static void known_pairs_there_and_back(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof PAIRS / sizeof *PAIRS; i++) {
        uint8_t data[8], block[9], stuffed[9];
        const size_t length = hex(PAIRS[i].data, data);
        size_t stuffed_length = cobs_stuff(stuffed, data, length);

        assert_int_equal(stuffed_length, hex(PAIRS[i].block, block));
        assert_memory_equal(stuffed, block, stuffed_length);
        assert_true(cobs_unstuff(stuffed, &stuffed_length));
        assert_int_equal(stuffed_length, length);
        assert_memory_equal(stuffed, data, length);
    }
}

static void every_length_comes_back_and_holds_no_zero(void **state)
{
    (void)state;
    srand(1);
    for (size_t length = 0; length <= COBS_MOST; length++) {
        for (int zeros = 0; zeros < 4; zeros++) {
            uint8_t data[COBS_MOST], block[COBS_MOST + 1];

            for (size_t i = 0; i < length; i++)
                data[i] = (uint8_t)(zeros == 0 ? 1 + rand() % 255 : zeros == 1 ? 0 : rand() % (zeros * 2));
            size_t stuffed = cobs_stuff(block, data, length);

            assert_int_equal(stuffed, length + 1);
            assert_null(memchr(block, 0, stuffed));
            assert_true(cobs_unstuff(block, &stuffed));
            assert_int_equal(stuffed, length);
            assert_memory_equal(block, data, length);
        }
    }
}

static void damaged_blocks_are_refused(void **state)
{
    static const char *const DAMAGED[] = {"", "00", "02", "0311", "041122", "030011", "0100", "021100", "ff11"};

    (void)state;
    for (size_t i = 0; i < sizeof DAMAGED / sizeof *DAMAGED; i++) {
        uint8_t block[8];
        size_t length = hex(DAMAGED[i], block);

        assert_false(cobs_unstuff(block, &length));
    }
    uint8_t longest[COBS_MOST + 2];
    size_t length = sizeof longest;

    memset(longest, 1, sizeof longest);
    assert_false(cobs_unstuff(longest, &length));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_pairs_there_and_back),
        cmocka_unit_test(every_length_comes_back_and_holds_no_zero),
        cmocka_unit_test(damaged_blocks_are_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
