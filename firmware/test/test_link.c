/*
 * The board as its host sees it: what goes in on the line, and what comes out.
 * sources: src/hub.c src/link.c src/commands.c src/session.c src/tell.c src/channels.c src/drive.c src/watch.c src/limits.c src/settings.c
 *     src/crc.c src/utf8.c src/frame.c src/cobs.c src/cbor.c src/cbor_write.c src/sched.c test/fake_hub.c test/model_flash_power.c
 */
#include <math.h>

#include "../gen/link_messages.h"
#include "../src/channels.h"
#include "../src/crc.h"
#include "../src/frame.h"
#include "../src/hub.h"
#include "../src/link.h"
#include "fake_hub.h"
#include "model_flash_power.h"
#include "test_support.h"

static uint8_t seq;

static int start(void **state)
{
    (void)state;
    fake_hub_start();
    seq = 0;
    hub_start();
    return 0;
}

static void pass(uint32_t ms)
{
    while (ms-- > 0) {
        fake_now_ms++;
        hub_turn();
    }
}

static void say_again(uint8_t type, const char *body)
{
    uint8_t bytes[LINK_MOST_BODY], line[FRAME_MOST_LINE];
    const size_t length = hex(body, bytes);

    fake_line_in(line, frame_encode(line, &(struct frame){.type = type, .seq = seq, .body = bytes, .length = length}));
    hub_turn();
}

static void say(uint8_t type, const char *body)
{
    seq = seq == 255 ? 1 : (uint8_t)(seq + 1);
    say_again(type, body);
}

/* The answer to what was said last. */
static const struct heard *answer(void)
{
    const struct heard *heard = hear();

    while (heard != NULL && heard->ack != seq)
        heard = hear();
    assert_non_null(heard);
    return heard;
}

static uint8_t answer_type(void) { return answer()->type; }

/* Says it, and gives why the board says no; 0 for ACK. */
static uint32_t refused(uint8_t type, const char *body)
{
    say(type, body);
    const struct heard *heard = answer();

    if (heard->type == LINK_ACK)
        return 0;
    assert_int_equal(heard->type, LINK_NAK);
    return heard->fields[LINK_NAK_CODE].uint;
}

/* {1: 1, 2: 0, 3: boot id, 4: 2000} */
#define GREETING "a4 0101 0200 03 48 0102030405060708 04 1907d0"

static int start_greeted(void **state)
{
    start(state);
    say(LINK_HELLO_REQ, GREETING);
    assert_int_equal(answer_type(), LINK_HELLO);
    hear_nothing_more();
    return 0;
}

static bool text_is(const struct cbor_value *value, const char *text)
{
    return value->kind == CBOR_TEXT && value->span.length == strlen(text) &&
           memcmp(value->span.at, text, strlen(text)) == 0;
}

static void it_says_hello_after_a_reset_and_wants_to_be_greeted(void **state)
{
    const struct heard *hello = hear();

    (void)state;
    assert_int_equal(hello->type, LINK_HELLO);
    assert_int_equal(hello->ack, 0);
    assert_int_equal(hello->seq, 1);
    assert_int_equal(hello->fields[LINK_HELLO_BOOT_ID].kind, CBOR_NOTHING);
    assert_int_equal(hello->fields[LINK_HELLO_MAJOR].uint, LINK_MAJOR);
    assert_int_equal(hello->fields[LINK_HELLO_CHANNELS].uint, FAKE_CHANNELS);
    assert_int_equal(hello->fields[LINK_HELLO_RESET_CAUSE].uint, LINK_RESET_POWER);
    assert_int_equal(hello->fields[LINK_HELLO_UID].span.length, 12);
    assert_true(text_is(&hello->fields[LINK_HELLO_BOARD], "fake"));
    assert_int_equal(refused(LINK_PING, "a0"), LINK_REFUSAL_HELLO_FIRST);
    assert_int_equal(refused(LINK_SET, "a2 010a 0201"), LINK_REFUSAL_HELLO_FIRST);
    say_again(LINK_SET, "a2 010a 0201");
    assert_int_equal(answer_type(), LINK_NAK);
    assert_true(fake_parts[LAMP].value == 0);
}

static void the_first_boot_id_is_kept_until_the_next_reset(void **state)
{
    (void)state;
    say(LINK_HELLO_REQ, GREETING);
    say(LINK_HELLO_REQ, "a4 0101 0200 03 48 ffffffffffffffff 04 1907d0");
    const struct heard *hello = answer();

    assert_int_equal(hello->fields[LINK_HELLO_BOOT_ID].span.length, 8);
    assert_memory_equal(hello->fields[LINK_HELLO_BOOT_ID].span.at, "\1\2\3\4\5\6\7\10", 8);
    link_start();
    say(LINK_HELLO_REQ, "a4 0101 0200 03 48 ffffffffffffffff 04 1907d0");
    assert_int_equal(answer()->fields[LINK_HELLO_BOOT_ID].span.at[0], 0xff);
}

static void greetings_that_are_none_open_no_session(void **state)
{
    (void)state;
    assert_int_equal(refused(LINK_HELLO_REQ, "a0"), LINK_REFUSAL_MALFORMED);
    assert_int_equal(refused(LINK_HELLO_REQ, "a1 0102"), LINK_REFUSAL_VERSION);
    assert_int_equal(refused(LINK_HELLO_REQ, "a4 0101 0200 03 44 01020304 04 1907d0"), LINK_REFUSAL_MALFORMED);
    assert_int_equal(refused(LINK_HELLO_REQ, "a4 0101 0200 03 48 0102030405060708 04 1901f3"), LINK_REFUSAL_OUT_OF_RANGE);
    assert_int_equal(refused(LINK_HELLO_REQ, "a4 0101 0200 03 48 0102030405060708 04 19ffff"), LINK_REFUSAL_OUT_OF_RANGE);
    assert_int_equal(refused(LINK_PING, "a0"), LINK_REFUSAL_HELLO_FIRST);
}

static void descriptions_come_to_the_crc_that_hello_says(void **state)
{
    uint32_t crc = 0;

    (void)state;
    say(LINK_HELLO_REQ, GREETING);
    const uint32_t said = answer()->fields[LINK_HELLO_DESCRIPTION_CRC].uint;

    for (unsigned index = 0; index < FAKE_CHANNELS; index++) {
        char body[16];

        snprintf(body, sizeof body, "a1 01%02x", index);
        say(LINK_DESC_REQ, body);
        const struct heard *desc = answer();

        assert_int_equal(desc->type, LINK_DESC);
        assert_true(text_is(&desc->fields[LINK_DESC_NAME], board_channels[index].label));
        assert_int_equal(desc->fields[LINK_DESC_DIRECTION].uint, index != SCALE);
        crc = crc32(crc, desc->body, desc->length);
    }
    assert_int_equal(crc, said);
    assert_int_equal(refused(LINK_DESC_REQ, "a1 0104"), LINK_REFUSAL_UNKNOWN_CHANNEL);
    assert_int_equal(refused(LINK_SETTING, "a3 010a 0201 04 64 4c616d70"), 0); /* the name that it has: no other description */
    assert_int_equal(refused(LINK_SETTING, "a3 010a 0201 04 62 c3a4"), 0);
    say(LINK_HELLO_REQ, GREETING);
    assert_int_not_equal(answer()->fields[LINK_HELLO_DESCRIPTION_CRC].uint, said);
}

static void a_repeated_order_is_done_once_and_answered_the_same(void **state)
{
    uint8_t first[256];

    (void)state;
    say(LINK_SET, "a2 010a 021832");
    const struct heard *heard = answer();
    const uint8_t first_seq = heard->seq;

    memcpy(first, heard->body, heard->length);
    const unsigned driven = fake_parts[LAMP].driven;

    for (int again = 0; again < 3; again++) {
        say_again(LINK_SET, "a2 010a 021832");
        heard = answer();
        assert_int_equal(heard->type, LINK_ACK);
        assert_int_equal(heard->seq, first_seq);
    }
    assert_int_equal(fake_parts[LAMP].driven, driven);
    say(LINK_SET, "a2 010a 021832");
    assert_int_equal(answer_type(), LINK_ACK);
    assert_int_equal(fake_parts[LAMP].driven, driven + 1);
    /* A refusal is remembered, too. */
    assert_int_equal(refused(LINK_SET, "a2 010a 0218c8"), LINK_REFUSAL_OUT_OF_RANGE);
    say_again(LINK_SET, "a2 010a 021832");
    assert_int_equal(answer_type(), LINK_NAK);
    assert_int_equal(fake_parts[LAMP].driven, driven + 1);
}

static void an_answer_that_found_no_room_is_had_by_asking_again(void **state)
{
    (void)state;
    fake_line_full = true;
    say(LINK_SET, "a2 010a 021832");
    fake_line_full = false;
    say_again(LINK_SET, "a2 010a 021832");
    assert_int_equal(answer_type(), LINK_ACK);
    assert_int_equal(fake_parts[LAMP].driven, 1);
    assert_int_equal(link_figures().tx_drops, 1);
}

static void a_new_session_counts_anew(void **state)
{
    (void)state;
    seq = 9;
    say(LINK_SET, "a2 010a 021832");
    seq = 0;
    say(LINK_HELLO_REQ, GREETING);
    seq = 9;
    say(LINK_SET, "a2 010a 02183c");
    assert_int_equal(answer_type(), LINK_ACK);
    assert_true(fake_parts[LAMP].value == 60);
    seq = 200;
    say(LINK_HELLO_REQ, GREETING);
    hear_nothing_more();
    say_again(LINK_SET, "a2 010a 021846"); /* under the number that the greeting had */
    assert_int_equal(answer_type(), LINK_ACK);
    assert_true(fake_parts[LAMP].value == 70);
}

static void bodies_that_are_wrong_change_nothing(void **state)
{
    static const struct {
        uint8_t type;
        const char *body;
        uint8_t refusal;
    } WRONG[] = {
        {LINK_SET, "", LINK_REFUSAL_MALFORMED},
        {LINK_SET, "a0", LINK_REFUSAL_MALFORMED},
        {LINK_SET, "83010203", LINK_REFUSAL_MALFORMED},
        {LINK_SET, "a1 010a", LINK_REFUSAL_MALFORMED},
        {LINK_SET, "a2 010a 02f5", LINK_REFUSAL_MALFORMED},
        {LINK_SET, "a2 010a 02f97e00", LINK_REFUSAL_MALFORMED}, /* not a number */
        {LINK_SET, "a2 010a 02f97c00", LINK_REFUSAL_MALFORMED}, /* infinite */
        {LINK_SET, "a2 01f90000 0201", LINK_REFUSAL_MALFORMED},
        {LINK_SET, "a2 0119010a 0201", LINK_REFUSAL_MALFORMED},
        {LINK_SET, "a3 010a 0201 0320", LINK_REFUSAL_MALFORMED}, /* a negative ramp */
        {LINK_SET, "a3 010a 0201 04f5", LINK_REFUSAL_MALFORMED},
        {LINK_SET, "a2 0163414243 0201", LINK_REFUSAL_MALFORMED},
        {LINK_SET, "a2 010b 0201", LINK_REFUSAL_UNKNOWN_CHANNEL},
        {LINK_SET, "a2 181e1e 0201", LINK_REFUSAL_MALFORMED},
        {LINK_SET, "a2 01181e 0201", LINK_REFUSAL_NOT_DRIVEN},
        {LINK_SET, "a2 0114 0201", LINK_REFUSAL_NOT_ARMED},
        {LINK_ARM, "a1 0101", LINK_REFUSAL_MALFORMED},
        {LINK_REBOOT, "a0", LINK_REFUSAL_MALFORMED},
        {LINK_DESC_REQ, "a1 0163616263", LINK_REFUSAL_MALFORMED},
        {LINK_READ, "a1 0101", LINK_REFUSAL_UNKNOWN_CHANNEL},
        {LINK_READ, "a0", LINK_REFUSAL_MALFORMED},
        {LINK_WATCH, "a2 010a 0200", LINK_REFUSAL_MALFORMED},
        {LINK_WATCH, "a3 010a 0200 0320", LINK_REFUSAL_MALFORMED}, /* a negative deadband */
        {LINK_WATCH, "a3 0101 0200 0300", LINK_REFUSAL_UNKNOWN_CHANNEL},
        {LINK_SETTING, "a2 0101 0201", LINK_REFUSAL_UNKNOWN_CHANNEL},
        {LINK_SETTING, "a1 010a", LINK_REFUSAL_MALFORMED},
        {LINK_SETTING, "a4 010a 0201 0301 046161", LINK_REFUSAL_MALFORMED},
        {LINK_SETTING, "a3 010a 0203 036161", LINK_REFUSAL_MALFORMED},
        {LINK_SETTING, "a3 010a 0201 0441ff", LINK_REFUSAL_MALFORMED},
        {LINK_SETTING, "a3 010a 0201 046100", LINK_REFUSAL_MALFORMED}, /* a text with a zero in it */
        {LINK_SETTING, "a3 010a 0201 0478196162636465666768696a6b6c6d6e6f707172737475767778797a", LINK_REFUSAL_MALFORMED},
        {LINK_SETTING, "a3 010a 0209 0301", LINK_REFUSAL_UNKNOWN_SETTING},
        {0x7f, "a0", LINK_REFUSAL_UNKNOWN_MESSAGE},
        {0x00, "a0", LINK_REFUSAL_UNKNOWN_MESSAGE},
    };

    (void)state;
    for (size_t i = 0; i < sizeof WRONG / sizeof *WRONG; i++) {
        const uint32_t refusal = refused(WRONG[i].type, WRONG[i].body);

        if (refusal != WRONG[i].refusal)
            fail_msg("%02x %s: %u", WRONG[i].type, WRONG[i].body, refusal);
    }
    assert_true(fake_parts[LAMP].driven == 0 && fake_parts[MOTOR].driven == 0);
    assert_int_equal(refused(LINK_PING, "a2 178201a1016161 164200ff"), 0); /* but what is merely unknown does no harm */
}

static void its_own_words_coming_back_are_not_answered(void **state)
{
    (void)state;
    say(LINK_HEARTBEAT, "a0");
    assert_null(hear());
    seq = 0;
    say_again(LINK_PING, "a0"); /* a frame that cannot be answered */
    assert_null(hear());
}

static void it_reads_watches_and_drives(void **state)
{
    (void)state;
    fake_parts[SCALE].value = 2.5f;
    say(LINK_READ, "a1 01181e");
    const struct heard *sample = answer();
    float value;

    assert_int_equal(sample->type, LINK_SAMPLE);
    assert_true(cbor_number(&sample->fields[LINK_SAMPLE_VALUE], &value) && value == 2.5f);
    assert_int_equal(refused(LINK_WATCH, "a3 01181e 020a 0300"), 0);
    pass(100);
    hear_nothing_more();
    pass(100);
    for (int i = 0; i < 10; i++)
        assert_non_null(hear_type(LINK_SAMPLE));
    fake_parts[SCALE].fault = LINK_FAULT_NO_ANSWER;
    pass(100);
    assert_int_equal(hear_type(LINK_EVENT)->fields[LINK_EVENT_EVENT].uint, LINK_EVENT_FAULT);
    say(LINK_READ, "a1 01181e");
    sample = answer();
    assert_int_equal(sample->fields[LINK_SAMPLE_FAULT].uint, LINK_FAULT_NO_ANSWER);
    assert_int_equal(sample->fields[LINK_SAMPLE_VALUE].kind, CBOR_NOTHING);
    assert_int_equal(refused(LINK_ARM, "a1 01f5"), 0);
    assert_int_equal(refused(LINK_SET, "a4 0114 021832 031864 04 1901f4"), 0); /* motor to 50 in 100 ms for 500 ms */
    pass(100);
    assert_true(fake_parts[MOTOR].value == 50);
    pass(400);
    assert_true(fake_parts[MOTOR].value == 0);
    assert_int_equal(refused(LINK_SET, "a2 0114 021832"), 0);
    assert_int_equal(refused(LINK_SAFE, "a0"), 0);
    assert_true(fake_parts[MOTOR].value == 0);
    assert_int_equal(refused(LINK_SET, "a2 0114 021832"), LINK_REFUSAL_NOT_ARMED);
}

static void greeting_disarms_and_leaves_outputs_as_they_are(void **state)
{
    (void)state;
    refused(LINK_ARM, "a1 01f5");
    refused(LINK_SET, "a2 0114 021832");
    say(LINK_HELLO_REQ, GREETING);
    assert_int_equal(answer_type(), LINK_HELLO);
    assert_true(fake_parts[MOTOR].value == 50);
    assert_int_equal(refused(LINK_SET, "a2 0114 021832"), LINK_REFUSAL_NOT_ARMED);
}

static void a_host_that_falls_silent_makes_it_safe_once(void **state)
{
    (void)state;
    refused(LINK_ARM, "a1 01f5");
    refused(LINK_SET, "a2 0114 021832");
    refused(LINK_SET, "a2 010a 021832");
    pass(1500);
    assert_int_equal(refused(LINK_PING, "a0"), 0);
    pass(1980);
    assert_true(fake_parts[LAMP].value == 50);
    pass(40);
    assert_true(fake_parts[LAMP].value == 0 && fake_parts[MOTOR].value == 0);
    assert_int_equal(hear_type(LINK_EVENT)->fields[LINK_EVENT_EVENT].uint, LINK_EVENT_HOST_LOST);
    pass(3000);
    assert_null(hear_type(LINK_EVENT));
    /* When it speaks again the session goes on, but nothing is armed. */
    assert_int_equal(refused(LINK_SET, "a2 0114 021832"), LINK_REFUSAL_NOT_ARMED);
    assert_int_equal(refused(LINK_SET, "a2 010a 021832"), 0);
    pass(2100);
    assert_int_equal(hear_type(LINK_EVENT)->fields[LINK_EVENT_EVENT].uint, LINK_EVENT_HOST_LOST);
}

static void noise_is_no_sign_of_life(void **state)
{
    uint8_t noise[100];

    (void)state;
    refused(LINK_SET, "a2 010a 021832");
    srand(4);
    for (int i = 0; i < 2500; i++) {
        for (size_t j = 0; j < sizeof noise; j++)
            noise[j] = (uint8_t)(rand() >> 5);
        fake_line_in(noise, sizeof noise);
        pass(1);
    }
    assert_true(fake_parts[LAMP].value == 0);
    fake_line_in((const uint8_t[]){0}, 1);
    assert_int_equal(refused(LINK_PING, "a0"), 0);
    assert_true(link_figures().damaged > 100);
}

static void a_flood_does_not_starve_the_other_tasks(void **state)
{
    uint8_t line[FRAME_MOST_LINE], empty = 0xa0;

    (void)state;
    refused(LINK_SET, "a3 010a 021832 0405"); /* for 5 ms */
    for (unsigned i = 0; i < 1000; i++)
        fake_line_in(line, frame_encode(line, &(struct frame){
                                                  .type = LINK_PING, .seq = (uint8_t)(1 + i % 255), .body = &empty, .length = 1}));
    pass(6);
    assert_true(fake_parts[LAMP].value == 0);
}

static void it_tells_how_it_fares_every_five_seconds(void **state)
{
    (void)state;
    fake_line_in((const uint8_t[]){1, 2, 3, 0}, 4);
    for (int beat = 1; beat <= 3; beat++) {
        pass(5000);
        const struct heard *heartbeat = hear_type(LINK_HEARTBEAT);

        assert_non_null(heartbeat);
        assert_in_range(heartbeat->fields[LINK_HEARTBEAT_UPTIME_MS].uint, 1000 + beat * 5000 - 100, 1000 + beat * 5000 + 100);
        assert_int_equal(heartbeat->fields[LINK_HEARTBEAT_STACK_FREE].uint, 1234);
        assert_int_equal(heartbeat->fields[LINK_HEARTBEAT_RX_DROPS].uint, 3);
        assert_int_equal(heartbeat->fields[LINK_HEARTBEAT_CRC_ERRORS].uint, 1);
        assert_int_equal(heartbeat->fields[LINK_HEARTBEAT_SUPPLY_MV].uint, 3300);
        assert_false(heartbeat->fields[LINK_HEARTBEAT_ARMED].flag);
        assert_null(hear_type(LINK_HEARTBEAT));
    }
    fake_supply_mv = 0;
    pass(5000);
    assert_int_equal(hear_type(LINK_HEARTBEAT)->fields[LINK_HEARTBEAT_SUPPLY_MV].kind, CBOR_NOTHING);
    assert_true(fake_fed > 100);
}

static void a_supply_that_is_too_low_makes_it_safe_and_is_told_once(void **state)
{
    (void)state;
    refused(LINK_SET, "a2 010a 021832");
    fake_supply_mv = 2500;
    pass(150);
    fake_supply_mv = 3300; /* a dent */
    pass(100);
    assert_true(fake_parts[LAMP].value == 50);
    fake_supply_mv = 2500;
    pass(400);
    assert_true(fake_parts[LAMP].value == 0);
    assert_int_equal(hear_type(LINK_EVENT)->fields[LINK_EVENT_EVENT].uint, LINK_EVENT_BROWN_OUT);
    assert_int_equal(refused(LINK_PING, "a0"), 0);
    pass(1000);
    fake_supply_mv = 2950;
    pass(200);
    fake_supply_mv = 2800;
    pass(300);
    assert_null(hear_type(LINK_EVENT));
    assert_int_equal(refused(LINK_PING, "a0"), 0);
    fake_supply_mv = 3100;
    pass(200);
    fake_supply_mv = 2800;
    pass(400);
    assert_int_equal(hear_type(LINK_EVENT)->fields[LINK_EVENT_EVENT].uint, LINK_EVENT_BROWN_OUT);
}

/* Whether the board has reset itself after so many turns at most. */
static bool resets_within(int turns)
{
    if (setjmp(fake_reset) != 0)
        return true;
    pass((uint32_t)turns);
    return false;
}

static void a_reboot_is_acknowledged_first(void **state)
{
    (void)state;
    refused(LINK_SET, "a2 010a 021832");
    fake_line_busy = true;
    assert_int_equal(refused(LINK_REBOOT, "a1 01f5"), 0);
    assert_true(fake_parts[LAMP].value == 0);
    say(LINK_SET, "a2 010a 021832"); /* too late */
    assert_null(hear());
    assert_false(resets_within(50));
    fake_line_busy = false;
    assert_true(resets_within(1));
    assert_true(fake_reset_into_loader);
}

static void a_reboot_does_not_wait_for_ever_for_its_answer_to_go_out(void **state)
{
    (void)state;
    fake_line_busy = true;
    assert_int_equal(refused(LINK_REBOOT, "a1 01f4"), 0);
    assert_true(resets_within(101));
    assert_false(fake_reset_into_loader);
}

static void lost_settings_are_told_after_hello(void **state)
{
    (void)state;
    refused(LINK_SETTING, "a3 010a 0203 031832"); /* lamp at most 50 */
    refused(LINK_SETTING, "a3 010a 0203 03183c");
    flash_model.words[0][2 * 8 + 1] ^= 1;
    hear_nothing_more();
    hub_start();
    assert_int_equal(hear()->type, LINK_HELLO);
    const struct heard *heard = hear();

    assert_int_equal(heard->type, LINK_EVENT);
    assert_int_equal(heard->fields[LINK_EVENT_EVENT].uint, LINK_EVENT_SETTINGS_LOST);
    assert_true(limits_of(LAMP)->max == 50);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(it_says_hello_after_a_reset_and_wants_to_be_greeted, start),
        cmocka_unit_test_setup(the_first_boot_id_is_kept_until_the_next_reset, start),
        cmocka_unit_test_setup(greetings_that_are_none_open_no_session, start),
        cmocka_unit_test_setup(descriptions_come_to_the_crc_that_hello_says, start),
        cmocka_unit_test_setup(a_repeated_order_is_done_once_and_answered_the_same, start_greeted),
        cmocka_unit_test_setup(an_answer_that_found_no_room_is_had_by_asking_again, start_greeted),
        cmocka_unit_test_setup(a_new_session_counts_anew, start_greeted),
        cmocka_unit_test_setup(bodies_that_are_wrong_change_nothing, start_greeted),
        cmocka_unit_test_setup(its_own_words_coming_back_are_not_answered, start_greeted),
        cmocka_unit_test_setup(it_reads_watches_and_drives, start_greeted),
        cmocka_unit_test_setup(greeting_disarms_and_leaves_outputs_as_they_are, start_greeted),
        cmocka_unit_test_setup(a_host_that_falls_silent_makes_it_safe_once, start_greeted),
        cmocka_unit_test_setup(noise_is_no_sign_of_life, start_greeted),
        cmocka_unit_test_setup(a_flood_does_not_starve_the_other_tasks, start_greeted),
        cmocka_unit_test_setup(it_tells_how_it_fares_every_five_seconds, start_greeted),
        cmocka_unit_test_setup(a_supply_that_is_too_low_makes_it_safe_and_is_told_once, start_greeted),
        cmocka_unit_test_setup(a_reboot_is_acknowledged_first, start_greeted),
        cmocka_unit_test_setup(a_reboot_does_not_wait_for_ever_for_its_answer_to_go_out, start_greeted),
        cmocka_unit_test_setup(lost_settings_are_told_after_hello, start_greeted),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
