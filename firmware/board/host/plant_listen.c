/* Where the plant listens: a TCP port of this machine, or a Unix socket. */
#include "plant_listen.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define PORT_VARIABLE "SKEIN_HUB_PLANT_PORT"

static char unix_path[sizeof((struct sockaddr_un *)0)->sun_path]; /* to be taken away at the end */

static int listen_tcp(const char *port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;
    char *end = NULL, chosen[8];
    const unsigned long number = strtoul(port, &end, 10);
    const char *before = getenv(PORT_VARIABLE);
    const int on = 1;
    const int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

    address.sin_port = htons((uint16_t)(number == 0 && before ? strtoul(before, NULL, 10) : number));
    (void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (*port == '\0' || *end != '\0' || number > 65535 || fd < 0 ||
        bind(fd, (struct sockaddr *)&address, length) != 0 ||
        getsockname(fd, (struct sockaddr *)&address, &length) != 0) {
        if (fd >= 0)
            close(fd);
        return -1;
    }
    (void)snprintf(chosen, sizeof chosen, "%u", ntohs(address.sin_port));
    (void)setenv(PORT_VARIABLE, chosen, 1); /* the same again after a reset of the board */
    fprintf(stderr, "plant: 127.0.0.1:%s\n", chosen);
    return fd;
}

static int listen_unix(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

    if (strlen(path) < sizeof address.sun_path && fd >= 0) {
        memcpy(address.sun_path, path, strlen(path) + 1);
        (void)unlink(path); /* of one that was killed */
        if (bind(fd, (struct sockaddr *)&address, sizeof address) == 0) {
            memcpy(unix_path, address.sun_path, sizeof unix_path);
            fprintf(stderr, "plant: %s\n", path);
            return fd;
        }
    }
    if (fd >= 0)
        close(fd);
    return -1;
}

int plant_listen(const char *where)
{
    return strchr(where, '/') ? listen_unix(where) : listen_tcp(where);
}

void plant_listen_end(void)
{
    if (unix_path[0])
        (void)unlink(unix_path);
    unix_path[0] = '\0';
}
