/* The scheduler on a clock that only the tasks themselves move on. sources: src/sched.c */
#include "../src/sched.h"

#include "../drivers/clock.h"
#include "../drivers/system.h"
#include "test_support.h"

static uint32_t now_us;
static uint64_t all_us;
static unsigned fed, fast_runs, slow_runs, always_runs;
static uint32_t slow_takes_us;

uint32_t clock_us(void) { return now_us; }
uint32_t clock_ms(void) { return (uint32_t)(all_us / 1000); }
void watchdog_feed(void) { fed++; }

static void pass(uint32_t us)
{
    now_us += us;
    all_us += us;
}

static void fast(uint32_t now_ms)
{
    (void)now_ms;
    fast_runs++;
    pass(10);
}

static void slow(uint32_t now_ms)
{
    (void)now_ms;
    slow_runs++;
    pass(slow_takes_us);
}

static void always(uint32_t now_ms)
{
    (void)now_ms;
    always_runs++;
}

static struct task schedule[] = {
    {.name = "always", .run = always},
    {.name = "fast", .period_us = 1000, .run = fast},
    {.name = "slow", .period_us = 100000, .run = slow},
};

static int start(void **state)
{
    (void)state;
    now_us = UINT32_MAX - 1500000; /* the clock goes round within each test */
    all_us = 0;
    fed = fast_runs = slow_runs = always_runs = 0;
    slow_takes_us = 300;
    sched_start(schedule, 3);
    return 0;
}

static void run_for(uint32_t us)
{
    const uint64_t end = all_us + us;

    while (all_us < end)
        pass(sched_turn());
}

static void each_task_keeps_its_rhythm_over_the_clocks_wrap(void **state)
{
    (void)state;
    run_for(3000000);
    assert_in_range(fast_runs, 2999, 3001);
    assert_in_range(slow_runs, 30, 31);
    assert_true(always_runs >= fast_runs);
}

static void it_says_how_long_nothing_is_due(void **state)
{
    (void)state;
    assert_int_equal(sched_turn(), 690); /* 10 and 300 µs of the first ms are gone */
    assert_int_equal(sched_turn(), 690);
    pass(690);
    assert_int_equal(sched_turn(), 990);
}

static void what_was_missed_is_not_made_up_for_by_a_burst(void **state)
{
    (void)state;
    sched_turn();
    pass(500000);
    fast_runs = slow_runs = 0;
    run_for(1000);
    assert_in_range(fast_runs, 1, 2);
    assert_int_equal(slow_runs, 1);
}

static void the_watchdog_is_fed_only_when_every_task_has_run(void **state)
{
    (void)state;
    sched_turn();
    assert_int_equal(fed, 1);
    run_for(90000);
    assert_int_equal(fed, 1); /* slow was not due yet */
    run_for(20000);
    assert_int_equal(fed, 2);
}

static void it_knows_the_worst_of_each_and_begins_the_turns_anew(void **state)
{
    struct sched_figures figures;

    (void)state;
    sched_turn();
    slow_takes_us = 5000;
    run_for(110000);
    slow_takes_us = 300;
    sched_figures(&figures);
    assert_string_equal(figures.worst_task, "slow");
    assert_int_equal(figures.worst_task_us, 5000);
    assert_int_equal(figures.turn_max_us, 5010);
    assert_in_range(figures.turn_mean_us, 10, 200);
    sched_turn();
    sched_figures(&figures);
    assert_int_equal(figures.worst_task_us, 5000);
    assert_in_range(figures.turn_max_us, 0, 310);
    sched_figures(&figures);
    assert_int_equal(figures.turn_mean_us, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(each_task_keeps_its_rhythm_over_the_clocks_wrap, start),
        cmocka_unit_test_setup(it_says_how_long_nothing_is_due, start),
        cmocka_unit_test_setup(what_was_missed_is_not_made_up_for_by_a_burst, start),
        cmocka_unit_test_setup(the_watchdog_is_fed_only_when_every_task_has_run, start),
        cmocka_unit_test_setup(it_knows_the_worst_of_each_and_begins_the_turns_anew, start),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
