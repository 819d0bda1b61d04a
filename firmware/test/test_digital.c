/* On and off, in and out. */
/* sources: peripherals/digital_in.c peripherals/digital_out.c test/fake_board.c */
#include "fake_board.h"

#include "../peripherals/digital_in.h"
#include "../peripherals/digital_out.h"

static struct digital_in_state in_state;
static const struct digital_in contact = {
    .pin = PIN(C, 13), .pull = GPIO_PULL_UP, .active_low = true, .debounce_ms = 20};
static const struct channel button = {
    .kind = &digital_in_kind, .max = 1, .parts = &contact, .state = &in_state, .tick_ms = 5};

static struct digital_out_state out_state;
static const struct digital_out coil = {.pin = PIN(C, 3), .active_low = true};
static const struct channel relay = {.kind = &digital_out_kind, .max = 1, .parts = &coil, .state = &out_state};

static void press(bool down) { fake.level[PIN(C, 13)] = !down; }
static bool on(void) { return digital_in_kind.read(&button).value == 1.0f; }

static void a_contact_is_what_it_is_at_the_start(void **s)
{
    (void)s;
    press(true);
    digital_in_kind.start(&button);
    assert_true(on());
}

static void a_press_counts_after_20_ms_and_its_end_too(void **s)
{
    (void)s;
    press(false);
    digital_in_kind.start(&button);
    press(true);
    fake_pass(&button, 20);
    assert_false(on());
    fake_pass(&button, 5);
    assert_true(on());
    press(false);
    fake_pass(&button, 20);
    assert_true(on());
    fake_pass(&button, 5);
    assert_false(on());
}

static void bouncing_never_counts(void **s)
{
    (void)s;
    press(false);
    digital_in_kind.start(&button);
    for (int i = 0; i < 50; i++) {
        press(i % 4 != 3); /* 15 ms down, 5 ms up */
        fake_pass(&button, 5);
        assert_false(on());
    }
}

static void an_output_stands_at_its_safe_level_from_the_start_and_switches(void **s)
{
    (void)s;
    digital_out_kind.start(&relay);
    assert_true(fake.level[PIN(C, 3)]); /* active low: off is high */
    assert_int_equal(digital_out_kind.drive(&relay, 1), 0);
    assert_false(fake.level[PIN(C, 3)]);
    assert_float_equal(digital_out_kind.read(&relay).value, 1, 0);
    assert_int_equal(digital_out_kind.drive(&relay, 0), 0);
    assert_true(fake.level[PIN(C, 3)]);
    assert_float_equal(digital_out_kind.read(&relay).value, 0, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_contact_is_what_it_is_at_the_start, fake_reset),
        cmocka_unit_test_setup(a_press_counts_after_20_ms_and_its_end_too, fake_reset),
        cmocka_unit_test_setup(bouncing_never_counts, fake_reset),
        cmocka_unit_test_setup(an_output_stands_at_its_safe_level_from_the_start_and_switches, fake_reset),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
