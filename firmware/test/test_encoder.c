/* The encoder: both ways, over the wraps of the timer's 16 bits. */
/* sources: drivers/encoder.c drivers/timer.c drivers/rcc.c test/model_chip.c */
#include "../board/stm32f4/registers.h"
#include "../drivers/encoder.h"
#include "model_chip.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#define TIM8 0x40010400u

static int fresh(void **state)
{
    (void)state;
    chip_reset();
    assert_true(encoder_start(8));
    return 0;
}

static void both_lines_are_counted_and_filtered(void **state)
{
    (void)state;
    assert_int_equal(chip_get(TIM8 + TIM_SMCR), 3);
    assert_int_equal(chip_get(TIM8 + TIM_CCMR1), 0xF1F1);
    assert_int_equal(chip_get(TIM8 + TIM_ARR), 0xFFFF);
    assert_int_equal(chip_get(TIM8 + TIM_CR1), TIM_CR1_CEN);
    assert_int_equal(encoder_read(8), 0);
}

static void counts_go_both_ways_over_the_wraps(void **state)
{
    (void)state;
    const struct {
        uint32_t counter;
        int32_t place;
    } ways[] = {
        {30000, 30000}, {60000, 60000}, {20000, 85536}, {60000, 60000}, {30000, 30000}, {0, 0}, {65535, -1},
        {40000, -25536}, {10000, -55536}, {50000, -81072}, {0, -65536},
    };
    for (size_t way = 0; way < sizeof ways / sizeof ways[0]; way++) {
        chip_put(TIM8 + TIM_CNT, ways[way].counter);
        assert_int_equal(encoder_read(8), ways[way].place);
    }
}

static void a_new_start_begins_at_zero(void **state)
{
    (void)state;
    chip_put(TIM8 + TIM_CNT, 1234);
    assert_int_equal(encoder_read(8), 1234);
    assert_true(encoder_start(8));
    assert_int_equal(encoder_read(8), 0);
}

static void timers_without_encoder_are_refused(void **state)
{
    (void)state;
    assert_false(encoder_start(2)); /* the clock */
    assert_false(encoder_start(9));
    assert_false(encoder_start(200));
    assert_int_equal(encoder_read(9), 0);
    assert_int_equal(encoder_read(200), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(both_lines_are_counted_and_filtered, fresh),
        cmocka_unit_test_setup(counts_go_both_ways_over_the_wraps, fresh),
        cmocka_unit_test_setup(a_new_start_begins_at_zero, fresh),
        cmocka_unit_test_setup(timers_without_encoder_are_refused, fresh),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
