/* The board's time: the PC's since the start, or a multiple of it. */
#include <time.h>

#include "../../drivers/clock.h"
#include "host.h"

static double speed = 1.0;
static struct timespec start;

void clock_open(double times_as_fast)
{
    speed = times_as_fast;
    clock_gettime(CLOCK_MONOTONIC, &start);
}

double clock_speed(void) { return speed; }

static uint64_t passed_us(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    const double us = (double)(now.tv_sec - start.tv_sec) * 1e6 + (double)(now.tv_nsec - start.tv_nsec) / 1e3;

    return (uint64_t)(us * speed);
}

uint32_t clock_us(void) { return (uint32_t)passed_us(); }
uint32_t clock_ms(void) { return (uint32_t)(passed_us() / 1000u); }

void clock_wait_us(uint32_t us)
{
    const uint32_t began = clock_us();

    while (clock_us() - began < us) {
    }
}
