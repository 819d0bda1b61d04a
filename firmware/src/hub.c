/* The board's tasks and the order in which it starts. */
#include "hub.h"

#include <math.h>
#include <stdbool.h>
#include <stddef.h>

#include "../drivers/adc.h"
#include "../drivers/clock.h"
#include "../drivers/system.h"
#include "../drivers/uart.h"
#include "../gen/link_messages.h"
#include "channels.h"
#include "link.h"
#include "sched.h"
#include "session.h"
#include "tell.h"

#define BAUD 115200u
/* Longer than erasing a sector of flash, during which the chip stands still. */
#define WATCHDOG_MS 2000u
#define HEARTBEAT_MS 5000u
/* Below this servos and drivers do what they like; back above the other it is over. Three times in a row, for a motor that starts may dent it. */
#define SUPPLY_LEAST_MV 2900u
#define SUPPLY_GOOD_MV 3000u
#define SUPPLY_TIMES 3u

static uint32_t heartbeat_due_ms;
static unsigned low_times;

static void watch_supply(uint16_t supply_mv)
{
    if (supply_mv == 0 || supply_mv >= SUPPLY_GOOD_MV)
        low_times = 0;
    if (supply_mv == 0 || supply_mv >= SUPPLY_LEAST_MV || low_times >= SUPPLY_TIMES)
        return;
    if (++low_times < SUPPLY_TIMES)
        return;
    drive_all_safe();
    tell_event(LINK_EVENT_BROWN_OUT, TELL_NO_CHANNEL, NAN);
}

static void health(uint32_t now_ms)
{
    const uint16_t supply_mv = adc_supply_mv();

    watch_supply(supply_mv);
    if (now_ms - heartbeat_due_ms > UINT32_MAX / 2)
        return;
    heartbeat_due_ms += HEARTBEAT_MS;
    tell_heartbeat(supply_mv);
}

static struct task tasks[] = {
    {.name = "link", .period_us = 0, .run = link_turn},
    {.name = "channels", .period_us = 1000, .run = channels_tick},
    {.name = "session", .period_us = 10000, .run = session_tick},
    {.name = "health", .period_us = 100000, .run = health},
};

void hub_start(void)
{
    low_times = 0;
    link_start();
    const bool whole = channels_start(clock_ms());

    uart_start(BAUD);
    tell_hello();
    if (!whole)
        tell_event(LINK_EVENT_SETTINGS_LOST, TELL_NO_CHANNEL, NAN);
    heartbeat_due_ms = clock_ms() + HEARTBEAT_MS;
    sched_start(tasks, sizeof tasks / sizeof *tasks);
    watchdog_start(WATCHDOG_MS);
}

uint32_t hub_turn(void) { return sched_turn(); }
