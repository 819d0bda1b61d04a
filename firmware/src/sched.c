/*
 * A time-triggered cooperative scheduler (Pont, "Patterns for Time-Triggered Embedded Systems", 2001): what runs when is known beforehand, and
 * without preemption no task needs a lock. A task that hangs stops all the others, so the watchdog is fed only when every task has come back
 * from a run since it was fed last.
 */
#include "sched.h"

#include "../drivers/clock.h"
#include "../drivers/system.h"

static struct task *tasks;
static size_t task_count;
static uint32_t turn_max_us, turns;
static uint64_t turns_us;

void sched_start(struct task *all, size_t count)
{
    const uint32_t now = clock_us();

    tasks = all;
    task_count = count;
    turn_max_us = turns = 0;
    turns_us = 0;
    for (size_t i = 0; i < count; i++) {
        all[i].due_us = now;
        all[i].worst_us = 0;
        all[i].reported = 0;
    }
}

static void run(struct task *task)
{
    const uint32_t began = clock_us();

    task->run(clock_ms());
    const uint32_t took = clock_us() - began;

    if (took > task->worst_us)
        task->worst_us = took;
    task->reported = 1;
    task->due_us += task->period_us;
    /* Whole periods late: what was missed is not made up for by a burst. */
    if (began - task->due_us < UINT32_MAX / 2)
        task->due_us = began + task->period_us;
}

static void feed_when_all_reported(void)
{
    for (size_t i = 0; i < task_count; i++) {
        if (!tasks[i].reported)
            return;
    }
    watchdog_feed();
    for (size_t i = 0; i < task_count; i++)
        tasks[i].reported = 0;
}

/* 0 when it is due. Differences are right over the clock's wrap, too. */
static uint32_t until_due(const struct task *task, uint32_t now)
{
    const uint32_t left = task->due_us - now;

    return left < UINT32_MAX / 2 ? left : 0;
}

uint32_t sched_turn(void)
{
    const uint32_t began = clock_us();

    for (size_t i = 0; i < task_count; i++) {
        if (tasks[i].period_us == 0 || until_due(&tasks[i], clock_us()) == 0)
            run(&tasks[i]);
    }
    feed_when_all_reported();
    const uint32_t ended = clock_us(), took = ended - began;
    uint32_t idle = UINT32_MAX;

    if (took > turn_max_us)
        turn_max_us = took;
    turns_us += took;
    turns++;
    for (size_t i = 0; i < task_count; i++) {
        const uint32_t left = until_due(&tasks[i], ended);

        if (tasks[i].period_us != 0 && left < idle)
            idle = left;
    }
    return idle;
}

void sched_figures(struct sched_figures *to)
{
    *to = (struct sched_figures){.turn_max_us = turn_max_us,
                                 .turn_mean_us = turns == 0 ? 0 : (uint32_t)(turns_us / turns),
                                 .worst_task = ""};
    for (size_t i = 0; i < task_count; i++) {
        if (tasks[i].worst_us >= to->worst_task_us) {
            to->worst_task = tasks[i].name;
            to->worst_task_us = tasks[i].worst_us;
        }
    }
    turn_max_us = turns = 0;
    turns_us = 0;
}
