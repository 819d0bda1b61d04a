/* Opens the pty. */
#include "terminal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <termios.h>
#include <unistd.h>

/* Bytes as they are: no echo, no line editing, no signals. Opened and closed once, too, so that the first hang-up is there to be seen. */
static int make_raw(const char *path)
{
    const int other_end = open(path, O_RDWR | O_NOCTTY | O_CLOEXEC);
    struct termios settings;

    if (other_end < 0 || tcgetattr(other_end, &settings) != 0)
        return -1;
    cfmakeraw(&settings);
    const int made = tcsetattr(other_end, TCSANOW, &settings);

    close(other_end);
    return made;
}

int terminal_open(const char *link)
{
    const int fd = posix_openpt(O_RDWR | O_NOCTTY);
    char path[64];

    if (fd < 0 || grantpt(fd) != 0 || unlockpt(fd) != 0 || ptsname_r(fd, path, sizeof path) != 0 || make_raw(path) != 0 ||
        fcntl(fd, F_SETFL, O_NONBLOCK) != 0) {
        perror("a pty");
        return -1;
    }
    if (link != NULL && ((unlink(link) != 0 && errno != ENOENT) || symlink(path, link) != 0)) {
        perror(link);
        return -1;
    }
    printf("pty %s\n", path);
    fflush(stdout);
    return fd;
}
