/* The time since the reset, over the wraps of its 32 bits of microseconds. */
/* sources: drivers/clock.c drivers/rcc.c test/model_chip.c */
#include "../board/stm32f4/registers.h"
#include "../drivers/clock.h"
#include "../drivers/system.h"
#include "model_chip.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

/* clock_ms counts from where it was, so that the tests begin at one and the same time only by going on. */
static void the_first_question_starts_tim2_at_a_microsecond_a_count(void **state)
{
    (void)state;
    chip_reset();
    system_start();
    (void)clock_us();
    assert_int_equal(chip_get(TIM2 + TIM_PSC), 83);
    assert_int_equal(chip_get(TIM2 + TIM_ARR), 0xFFFFFFFF);
    assert_int_equal(chip_get(TIM2 + TIM_CR1), TIM_CR1_CEN);
    assert_true(chip_written_at(TIM2 + TIM_EGR) < chip_written_at(TIM2 + TIM_CR1));
    unsigned started = chip_written_at(TIM2 + TIM_CR1);
    (void)clock_us();
    assert_int_equal(chip_written_at(TIM2 + TIM_CR1), started);
}

static void milliseconds_go_on_where_microseconds_wrap(void **state)
{
    (void)state;
    uint32_t before = clock_ms();
    for (uint32_t tenth = 1; tenth <= 7u; tenth++) {
        chip_set_us(600000000u * tenth);
        (void)clock_ms();
    }
    chip_set_us(4294967295u);
    assert_int_equal(clock_ms() - before, 4294967);
    chip_set_us(4294967295u + 1001u); /* 1000 after the wrap */
    assert_int_equal(clock_ms() - before, 4294968);
    chip_set_us(32705u);
    assert_int_equal(clock_ms() - before, 4295000);
}

static void parts_of_a_millisecond_are_not_lost(void **state)
{
    (void)state;
    uint32_t before = clock_ms();
    uint32_t us = chip_us();
    for (int turn = 0; turn < 1000; turn++) {
        chip_set_us(us += 1700u);
        (void)clock_ms();
    }
    uint32_t passed = clock_ms() - before;
    assert_true(passed == 1700u || passed == 1701u);
}

static void a_wait_is_never_too_short(void **state)
{
    (void)state;
    uint32_t before = chip_us();
    clock_wait_us(50);
    assert_true(chip_us() - before > 50u && chip_us() - before < 55u);
    chip_set_us(0xFFFFFFF0u);
    clock_wait_us(50);
    assert_true(chip_us() > 34u && chip_us() < 40u);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_question_starts_tim2_at_a_microsecond_a_count),
        cmocka_unit_test(milliseconds_go_on_where_microseconds_wrap),
        cmocka_unit_test(parts_of_a_millisecond_are_not_lost),
        cmocka_unit_test(a_wait_is_never_too_short),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
