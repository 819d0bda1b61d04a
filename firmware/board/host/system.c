/*
 * The chip as a whole. A reset begins the program anew in the same process (execve), so that its memory is new while the line stays open, as
 * the USB adapter of a real board does. The watchdog counts the program's own processor time: a firmware that hangs uses that up, a PC
 * that is busy with something else or asleep does not.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <unistd.h>

#include "../../drivers/system.h"
#include "../../gen/link_messages.h"
#include "host.h"
#include "plant.h"

#define CAUSE_VARIABLE "SKEIN_HUB_RESET_CAUSE="
#define LOADER_EXIT 3

extern char **environ;

static char cause_variable[] = CAUSE_VARIABLE "0"; /* in the environment of the start after this one */
static char **arguments;
static uint8_t cause, serial[12];
static bool reset_before, serial_known;
static struct itimerval watchdog;
static const char *stack_top;

/* May be called in a signal handler. */
static _Noreturn void begin_anew(uint8_t why)
{
    cause_variable[sizeof cause_variable - 2] = (char)('0' + why);
    execve("/proc/self/exe", arguments, environ);
    _exit(1);
}

static void on_watchdog(int signal_number)
{
    static const char MESSAGE[] = "watchdog: a task did not report in\n";

    (void)signal_number;
    (void)!write(STDERR_FILENO, MESSAGE, sizeof MESSAGE - 1);
    begin_anew(LINK_RESET_WATCHDOG);
}

static bool read_serial(const char *uid)
{
    serial_known = uid != NULL;
    for (size_t i = 0; uid != NULL && i < sizeof serial; i++) {
        unsigned byte;

        if (strlen(uid) != 2 * sizeof serial || sscanf(uid + 2 * i, "%2x", &byte) != 1)
            return false;
        serial[i] = (uint8_t)byte;
    }
    return true;
}

bool system_open(char **argv, const char *uid)
{
    const char *before = getenv("SKEIN_HUB_RESET_CAUSE");
    sigset_t none;

    reset_before = before != NULL;
    cause = before != NULL ? (uint8_t)(before[0] - '0') : LINK_RESET_POWER;
    putenv(cause_variable);
    arguments = argv;
    stack_top = (const char *)&none;
    /* The watchdog's signal is still blocked when it was its handler that began the program anew. */
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    return read_serial(uid);
}

bool system_was_reset(void) { return reset_before; }
void system_start(void) {}
uint8_t system_reset_cause(void) { return cause; }

void watchdog_start(uint32_t timeout_ms)
{
    const struct sigaction action = {.sa_handler = on_watchdog};

    watchdog.it_value.tv_sec = timeout_ms / 1000u;
    watchdog.it_value.tv_usec = (suseconds_t)(timeout_ms % 1000u) * 1000;
    sigaction(SIGPROF, &action, NULL);
    watchdog_feed();
}

void watchdog_feed(void) { setitimer(ITIMER_PROF, &watchdog, NULL); }

bool system_uid(uint8_t uid[12])
{
    memcpy(uid, serial, sizeof serial);
    return serial_known;
}

void system_reset(bool into_loader)
{
    plant_close();
    if (into_loader) {
        fputs("reset into the boot loader, which a PC has none of: the end\n", stderr);
        line_close();
        exit(LOADER_EXIT);
    }
    begin_anew(LINK_RESET_SOFTWARE);
}

/* As deep as it is where this is asked; the kernel keeps no low-water mark. */
size_t system_stack_free(void)
{
    struct rlimit limit;
    char here;

    getrlimit(RLIMIT_STACK, &limit);
    return limit.rlim_cur == RLIM_INFINITY ? UINT32_MAX : (size_t)limit.rlim_cur - (size_t)(stack_top - &here);
}

void system_sleep(uint32_t most_us) { line_wait((uint32_t)((double)most_us / clock_speed())); }
uint32_t critical_enter(void) { return 0; } /* nothing interrupts */
void critical_leave(uint32_t state) { (void)state; }
