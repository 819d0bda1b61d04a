/* Frames against the test vectors of the TypeScript side, and everything that is none. sources: src/frame.c src/cobs.c src/crc.c */
#include "../src/crc.h"
#include "../src/frame.h"
#include "test_support.h"

static struct deframer deframer;

static int start(void **state)
{
    (void)state;
    deframer = (struct deframer){0};
    return 0;
}

/* How many frames these bytes have; the last one is in `frame`. */
static int feed(const uint8_t *bytes, size_t length, struct frame *frame)
{
    int frames = 0;

    for (size_t i = 0; i < length; i++)
        frames += deframer_take(&deframer, bytes[i], frame);
    return frames;
}

static size_t ping(uint8_t *line, uint8_t seq)
{
    static const uint8_t empty[] = {0xa0};

    return frame_encode(line, &(struct frame){.type = LINK_PING, .seq = seq, .body = empty, .length = 1});
}

static void checksums_are_the_known_ones(void **state)
{
    const uint8_t *digits = (const uint8_t *)"123456789";

    (void)state;
    assert_int_equal(crc16(digits, 9), 0x29b1);
    assert_int_equal(crc32(0, digits, 9), 0xcbf43926);
    assert_int_equal(crc32(crc32(0, digits, 4), digits + 4, 5), 0xcbf43926);
}

static long number_after(const char *at, const char *name) { return strtol(strstr(at, name) + strlen(name), NULL, 10); }

static void the_vectors_of_the_specification_hold_both_ways(void **state)
{
    static char text[65536];
    FILE *file = fopen("../docs/link-vectors.json", "r");
    int vectors = 0;

    (void)state;
    assert_non_null(file);
    assert_true(fread(text, 1, sizeof text - 1, file) > 0);
    fclose(file);
    for (const char *at = text; (at = strstr(at, "\"message\"")) != NULL; at++, vectors++) {
        uint8_t body[LINK_MOST_BODY], line[FRAME_MOST_LINE], again[FRAME_MOST_LINE];
        const size_t body_length = hex(strstr(at, "\"body\": \"") + 9, body);
        const size_t length = hex(strstr(at, "\"line\": \"") + 9, line);
        struct frame frame;

        assert_int_equal(feed(line, length, &frame), 1);
        assert_int_equal(frame.seq, number_after(at, "\"seq\": "));
        assert_int_equal(frame.ack, number_after(at, "\"ack\": "));
        assert_int_equal(frame.length, body_length);
        assert_memory_equal(frame.body, body, body_length);
        assert_int_equal(frame_encode(again, &frame), length);
        assert_memory_equal(again, line, length);
    }
    assert_true(vectors >= 10);
}

static void the_longest_body_fits_and_one_byte_more_does_not(void **state)
{
    uint8_t body[LINK_MOST_BODY + 1] = {0}, line[FRAME_MOST_LINE];
    struct frame frame = {.type = LINK_SET, .seq = 255, .ack = 1, .body = body, .length = LINK_MOST_BODY};

    (void)state;
    for (int fill = 0; fill < 256; fill += 255) {
        memset(body, fill, sizeof body);
        const size_t length = frame_encode(line, &frame);
        struct frame back;

        assert_int_equal(length, FRAME_MOST_LINE);
        assert_int_equal(feed(line, length, &back), 1);
        assert_int_equal(back.length, LINK_MOST_BODY);
        assert_memory_equal(back.body, body, LINK_MOST_BODY);
    }
    frame.length++;
    assert_int_equal(frame_encode(line, &frame), 0);
}

static void one_flipped_bit_anywhere_is_noticed(void **state)
{
    uint8_t line[FRAME_MOST_LINE];
    const size_t length = ping(line, 7);
    struct frame frame;

    (void)state;
    for (size_t bit = 0; bit < (length - 1) * 8; bit++) {
        uint8_t damaged[FRAME_MOST_LINE];

        memcpy(damaged, line, length);
        damaged[bit / 8] ^= (uint8_t)(1 << bit % 8);
        assert_int_equal(feed(damaged, length, &frame), 0);
    }
    assert_int_equal(feed(line, length, &frame), 1);
}

static void a_frame_cut_short_does_not_harm_the_next(void **state)
{
    uint8_t line[FRAME_MOST_LINE];
    const size_t length = ping(line, 7);
    struct frame frame;

    (void)state;
    for (size_t cut = 1; cut < length - 1; cut++) {
        const uint32_t before = deframer.damaged;

        assert_int_equal(feed(line, cut, &frame) + feed((const uint8_t[]){0}, 1, &frame), 0);
        assert_int_equal(deframer.damaged, before + 1);
        assert_int_equal(feed(line, length, &frame), 1);
    }
    feed(line + 3, length - 3, &frame);
    assert_int_equal(feed(line, length, &frame), 1);
}

static void what_never_ends_takes_no_room_and_is_counted(void **state)
{
    uint8_t noise[1000], line[FRAME_MOST_LINE];
    struct frame frame;

    (void)state;
    memset(noise, 0x55, sizeof noise);
    assert_int_equal(feed(noise, sizeof noise, &frame), 0);
    assert_int_equal(deframer.overlong, sizeof noise - FRAME_MOST_BLOCK);
    assert_int_equal(feed((const uint8_t[]){0}, 1, &frame), 0);
    assert_int_equal(deframer.damaged, 1);
    assert_int_equal(feed(line, ping(line, 1), &frame), 1);
}

static void zeros_are_silence_and_another_version_is_told_apart(void **state)
{
    uint8_t raw[FRAME_HEAD + FRAME_CRC] = {2, LINK_PING, 1, 0}, line[FRAME_MOST_LINE] = {0};
    struct frame frame;

    (void)state;
    assert_int_equal(feed(line, sizeof line, &frame), 0);
    assert_int_equal(deframer.damaged, 0);
    const uint16_t crc = crc16(raw, FRAME_HEAD);

    raw[4] = (uint8_t)crc;
    raw[5] = (uint8_t)(crc >> 8);
    /* As COBS: 02 04 01, then the zero of ack, then the CRC. */
    const uint8_t other[] = {4, 2, LINK_PING, 1, 3, raw[4], raw[5], 0};

    assert_int_equal(feed(other, sizeof other, &frame), 0);
    assert_int_equal(deframer.other_version, 1);
    assert_int_equal(deframer.damaged, 0);
}

static void a_million_noisy_bytes_make_next_to_no_frame(void **state)
{
    uint8_t line[FRAME_MOST_LINE];
    struct frame frame;
    int frames = 0;

    (void)state;
    srand(3);
    for (int i = 0; i < 1000000; i++) {
        const uint8_t byte = (uint8_t)(rand() >> 7);

        frames += deframer_take(&deframer, byte, &frame);
    }
    /* The CRC lets one of 65536 pass, and the version one of 256 of those. */
    assert_true(frames <= 1);
    deframer_take(&deframer, 0, &frame);
    assert_int_equal(feed(line, ping(line, 1), &frame), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(checksums_are_the_known_ones, start),
        cmocka_unit_test_setup(the_vectors_of_the_specification_hold_both_ways, start),
        cmocka_unit_test_setup(the_longest_body_fits_and_one_byte_more_does_not, start),
        cmocka_unit_test_setup(one_flipped_bit_anywhere_is_noticed, start),
        cmocka_unit_test_setup(a_frame_cut_short_does_not_harm_the_next, start),
        cmocka_unit_test_setup(what_never_ends_takes_no_room_and_is_counted, start),
        cmocka_unit_test_setup(zeros_are_silence_and_another_version_is_told_apart, start),
        cmocka_unit_test_setup(a_million_noisy_bytes_make_next_to_no_frame, start),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
