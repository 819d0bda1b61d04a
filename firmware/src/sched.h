/* Runs each task in its rhythm, one after the other, none ever interrupted by another; and knows how long each takes at worst. */
#ifndef SCHED_H
#define SCHED_H

#include <stddef.h>
#include <stdint.h>

struct task {
    const char *name; /* at most LINK_HEARTBEAT_WORST_TASK_MOST bytes are told */
    uint32_t period_us; /* 0: in every turn. At most a third of the watchdog's time, which is fed only when all have run */
    void (*run)(uint32_t now_ms);
    uint32_t due_us, worst_us;
    uint8_t reported;
};

struct sched_figures {
    uint32_t turn_max_us, turn_mean_us; /* since these figures were last taken */
    const char *worst_task;             /* since the start */
    uint32_t worst_task_us;
};

void sched_start(struct task *tasks, size_t count);
/* Runs what is due, each task once. Returns how long nothing is due then, µs. */
uint32_t sched_turn(void);
void sched_figures(struct sched_figures *to);

#endif
