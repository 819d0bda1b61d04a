/*
 * The whole firmware as a Linux program: its line is a pty, its pins and buses end in a simulated plant (plant.h).
 *
 *   skein-hub [--link PATH] [--tcp PORT] [--flash FILE] [--plant WHERE] [--speed TIMES] [--uid HEX]
 */
#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include "../../drivers/system.h"
#include "../../src/hub.h"
#include "host.h"
#include "plant.h"

static const char USAGE[] =
    "skein-hub: a hub's firmware on this computer. The first line that it prints is the pty that is its serial line.\n"
    "  --link PATH    a symbolic link to the pty, removed at the end\n"
    "  --tcp PORT     the same bytes on this port of 127.0.0.1, too; 0: a free one, printed as the second line\n"
    "  --flash FILE   keeps the settings there; without it they are gone at the end\n"
    "  --plant WHERE  the simulated plant is handled there: a port of 127.0.0.1 (0: a free one), or a path with a /\n"
    "  --speed TIMES  the board's time goes so many times as fast, 0.1-100\n"
    "  --uid HEX      the chip's serial number, 24 hex digits\n";

static volatile sig_atomic_t stopping;

static void stop(int signal_number)
{
    (void)signal_number;
    stopping = 1;
}

struct options {
    const char *link, *tcp, *flash, *plant, *uid;
    double speed;
};

/* False: asked for help, or wrong. */
static bool read_options(int argc, char **argv, struct options *options)
{
    static const struct option NAMES[] = {
        {"link", required_argument, NULL, 'l'},  {"tcp", required_argument, NULL, 't'},
        {"flash", required_argument, NULL, 'f'}, {"plant", required_argument, NULL, 'p'},
        {"speed", required_argument, NULL, 's'}, {"uid", required_argument, NULL, 'u'},
        {NULL, 0, NULL, 0},
    };
    int name;

    *options = (struct options){.speed = 1.0};
    while ((name = getopt_long(argc, argv, "", NAMES, NULL)) != -1) {
        switch (name) {
        case 'l': options->link = optarg; break;
        case 't': options->tcp = optarg; break;
        case 'f': options->flash = optarg; break;
        case 'p': options->plant = optarg; break;
        case 's': options->speed = strtod(optarg, NULL); break;
        case 'u': options->uid = optarg; break;
        default: return false;
        }
    }
    return optind == argc && options->speed >= 0.1 && options->speed <= 100.0;
}

int main(int argc, char **argv)
{
    struct options options;
    const struct sigaction on_stop = {.sa_handler = stop}, ignored = {.sa_handler = SIG_IGN};

    if (!read_options(argc, argv, &options) || !system_open(argv, options.uid)) {
        fputs(USAGE, stderr);
        return 2;
    }
    sigaction(SIGTERM, &on_stop, NULL);
    sigaction(SIGINT, &on_stop, NULL);
    sigaction(SIGPIPE, &ignored, NULL);
    clock_open(options.speed);
    if (!flash_open(options.flash) || !line_open(options.link, options.tcp))
        return 1;
    if (options.plant != NULL && !plant_open(options.plant))
        return 1;
    system_start();
    plant_turn();
    hub_start();
    while (!stopping) {
        plant_turn();
        system_sleep(hub_turn());
    }
    plant_close();
    line_close();
    return 0;
}
