/* The watchdog: its time from the finest prescaler that reaches so far, and no endless wait for it. */
/* sources: drivers/watchdog.c test/model_chip.c */
#include "../board/stm32f4/registers.h"
#include "../drivers/system.h"
#include "model_chip.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

static int fresh(void **state)
{
    (void)state;
    chip_reset();
    return 0;
}

static void times_are_as_fine_as_they_can_be(void **state)
{
    (void)state;
    const struct {
        uint32_t ms, prescaler, reload;
    } times[] = {{100, 0, 800}, {511, 0, 4088}, {512, 1, 2048}, {2000, 2, 4000}, {8000, 4, 4000}, {32000, 6, 4000}};
    for (size_t row = 0; row < sizeof times / sizeof times[0]; row++) {
        watchdog_start(times[row].ms);
        assert_int_equal(chip_get(IWDG_PR), times[row].prescaler);
        assert_int_equal(chip_get(IWDG_RLR), times[row].reload);
    }
}

static void what_is_longer_than_it_can_count_is_its_longest(void **state)
{
    (void)state;
    watchdog_start(4000000000u);
    assert_int_equal(chip_get(IWDG_PR), 6);
    assert_int_equal(chip_get(IWDG_RLR), 0xFFF * 32 / 32);
}

static void it_is_started_before_it_is_set_and_fed_at_last(void **state)
{
    (void)state;
    watchdog_start(2000);
    assert_true(chip_written_at(IWDG_RLR) < chip_written_at(IWDG_KR));
    assert_int_equal(chip_get(IWDG_KR), 0xAAAA);
    chip_put(IWDG_KR, 0);
    watchdog_feed();
    assert_int_equal(chip_get(IWDG_KR), 0xAAAA);
}

static void one_that_never_takes_its_time_over_is_not_waited_for(void **state)
{
    (void)state;
    chip_put(IWDG_SR, IWDG_SR_BUSY);
    watchdog_start(2000);
    assert_int_equal(chip_get(IWDG_KR), 0xAAAA);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(times_are_as_fine_as_they_can_be, fresh),
        cmocka_unit_test_setup(what_is_longer_than_it_can_count_is_its_longest, fresh),
        cmocka_unit_test_setup(it_is_started_before_it_is_set_and_fed_at_last, fresh),
        cmocka_unit_test_setup(one_that_never_takes_its_time_over_is_not_waited_for, fresh),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
