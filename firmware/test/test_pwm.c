/* Pulses: a channel starts at none, two channels share a period, and what the timer cannot do is refused. */
/* sources: drivers/pwm.c drivers/timer.c drivers/rcc.c test/model_chip.c */
#include "../board/stm32f4/registers.h"
#include "../drivers/pwm.h"
#include "../drivers/system.h"
#include "model_chip.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#define TIM1 0x40010000u
#define TIM3 0x40000400u

static int fresh(void **state)
{
    (void)state;
    chip_reset();
    system_start();
    return 0;
}

static void a_servo_gets_50_periods_a_second_of_1_mhz_ticks(void **state)
{
    (void)state;
    assert_true(pwm_start((struct pwm){3, 1}, 1000000u, 20000u));
    assert_int_equal(chip_get(TIM3 + TIM_PSC), 83);
    assert_int_equal(chip_get(TIM3 + TIM_ARR), 19999);
    assert_int_equal(chip_get(TIM3 + TIM_CCMR1), 0x68);
    assert_int_equal(chip_get(TIM3 + TIM_CCER), 1);
    assert_int_equal(chip_get(TIM3 + TIM_CR1), TIM_CR1_ARPE | TIM_CR1_CEN);
    assert_int_equal(chip_get(TIM3 + TIM_CCR1), 0);
    assert_int_equal(chip_get(RCC_APB1ENR), 1u << 1);
    pwm_set((struct pwm){3, 1}, 1500);
    assert_int_equal(chip_get(TIM3 + TIM_CCR1), 1500);
}

static void a_second_channel_joins_without_cutting_the_firsts_pulse(void **state)
{
    (void)state;
    assert_true(pwm_start((struct pwm){3, 1}, 1000000u, 20000u));
    pwm_set((struct pwm){3, 1}, 1500);
    unsigned restarted = chip_written_at(TIM3 + TIM_EGR);
    assert_true(pwm_start((struct pwm){3, 4}, 1000000u, 20000u));
    assert_int_equal(chip_written_at(TIM3 + TIM_EGR), restarted);
    assert_int_equal(chip_get(TIM3 + TIM_CCMR1), 0x68);
    assert_int_equal(chip_get(TIM3 + TIM_CCMR1 + 4u), 0x6800);
    assert_int_equal(chip_get(TIM3 + TIM_CCER), 0x1001);
    pwm_set((struct pwm){3, 4}, 2000);
    assert_int_equal(chip_get(TIM3 + TIM_CCR1), 1500);
    assert_int_equal(chip_get(TIM3 + TIM_CCR1 + 12u), 2000);
}

static void another_period_on_a_timer_that_runs_is_refused(void **state)
{
    (void)state;
    assert_true(pwm_start((struct pwm){3, 1}, 1000000u, 20000u));
    assert_false(pwm_start((struct pwm){3, 2}, 1000000u, 1000u));
    assert_false(pwm_start((struct pwm){3, 2}, 2000000u, 20000u));
    assert_int_equal(chip_get(TIM3 + TIM_CCER), 1);
}

static void the_advanced_timers_open_their_outputs(void **state)
{
    (void)state;
    assert_true(pwm_start((struct pwm){1, 2}, 2000000u, 100u));
    assert_int_equal(chip_get(TIM1 + TIM_BDTR), TIM_BDTR_MOE);
    assert_int_equal(chip_get(RCC_APB2ENR), 1);
    assert_int_equal(chip_get(TIM1 + TIM_CCMR1), 0x6800);
}

static void what_no_timer_can_do_is_refused(void **state)
{
    (void)state;
    assert_false(pwm_start((struct pwm){2, 1}, 1000000u, 20000u)); /* the clock */
    assert_false(pwm_start((struct pwm){6, 1}, 1000000u, 20000u)); /* has no outputs */
    assert_false(pwm_start((struct pwm){10, 2}, 1000000u, 20000u));
    assert_false(pwm_start((struct pwm){3, 0}, 1000000u, 20000u));
    assert_false(pwm_start((struct pwm){3, 5}, 1000000u, 20000u));
    assert_false(pwm_start((struct pwm){3, 1}, 0u, 20000u));
    assert_false(pwm_start((struct pwm){3, 1}, 1000000u, 0u));
    assert_false(pwm_start((struct pwm){3, 1}, 200000000u, 100u)); /* faster than the timer's clock */
    assert_false(pwm_start((struct pwm){3, 1}, 1000u, 100u));      /* slower than its prescaler reaches */
    pwm_set((struct pwm){2, 1}, 7);
    pwm_set((struct pwm){3, 5}, 7);
    pwm_set((struct pwm){3, 0}, 7);
    assert_int_equal(chip_written_at(TIM3 + TIM_CR1), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_servo_gets_50_periods_a_second_of_1_mhz_ticks, fresh),
        cmocka_unit_test_setup(a_second_channel_joins_without_cutting_the_firsts_pulse, fresh),
        cmocka_unit_test_setup(another_period_on_a_timer_that_runs_is_refused, fresh),
        cmocka_unit_test_setup(the_advanced_timers_open_their_outputs, fresh),
        cmocka_unit_test_setup(what_no_timer_can_do_is_refused, fresh),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
