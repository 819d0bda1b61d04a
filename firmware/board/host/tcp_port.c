/* Listens on the loopback only: whoever reaches the port can drive the motors. */
#include "tcp_port.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>

int tcp_listen(const char *port)
{
    const int yes = 1, fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    char *end;
    const unsigned long number = strtoul(port, &end, 10);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;

    address.sin_port = htons((uint16_t)number);
    if (*end != 0 || number > UINT16_MAX || fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) != 0 ||
        bind(fd, (const struct sockaddr *)&address, length) != 0 || listen(fd, 1) != 0 ||
        getsockname(fd, (struct sockaddr *)&address, &length) != 0) {
        perror(port);
        return -1;
    }
    printf("tcp 127.0.0.1:%d\n", ntohs(address.sin_port));
    fflush(stdout);
    return fd;
}

int tcp_accept(int listener)
{
    const int yes = 1, fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK);

    /* A frame is a message and not to wait for more. */
    if (fd >= 0)
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    return fd;
}
