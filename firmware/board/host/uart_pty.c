/*
 * The line to the host as a pty, and as a TCP port beside it: what comes in on either is read, what goes out goes to both. As on a wire,
 * what is sent while nobody holds the other end is gone, and a reset of the board closes nothing: the descriptors go on through execve.
 */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "../../drivers/uart.h"
#include "host.h"
#include "tcp_port.h"
#include "terminal.h"

#define PENDING_MOST 16384u
#define NOBODY (-1)

/* One of the two other ends. */
struct end {
    int fd; /* NOBODY: closed */
    bool held; /* somebody has it open */
    uint8_t pending[PENDING_MOST];
    size_t length;
};

static struct end pty = {.fd = NOBODY}, tcp = {.fd = NOBODY};
static int listener = NOBODY;
static const char *link_path;
static char kept[] = "SKEIN_HUB_LINE=          ,          ,          ";

/* What the start after a reset finds again. */
static void keep(void) { snprintf(kept, sizeof kept, "SKEIN_HUB_LINE=%d,%d,%d", pty.fd, listener, tcp.fd); }

bool line_open(const char *link, const char *tcp_port)
{
    const char *before = getenv("SKEIN_HUB_LINE");

    link_path = link;
    if (!system_was_reset() || before == NULL || sscanf(before, "%d,%d,%d", &pty.fd, &listener, &tcp.fd) != 3) {
        pty.fd = terminal_open(link);
        listener = tcp_port == NULL ? NOBODY : tcp_listen(tcp_port);
        tcp.fd = NOBODY;
    }
    tcp.held = tcp.fd != NOBODY;
    keep();
    putenv(kept);
    return pty.fd != NOBODY && (tcp_port == NULL || listener != NOBODY);
}

void line_close(void)
{
    if (link_path != NULL)
        unlink(link_path);
}

static void hang_up(struct end *end)
{
    end->held = false;
    end->length = 0;
    if (end == &tcp && tcp.fd != NOBODY) {
        close(tcp.fd);
        tcp.fd = NOBODY;
        keep();
    }
}

/* A pty tells by a hang-up that nobody has its other end open, and by its absence that somebody has again. */
static void look_at_pty(void)
{
    struct pollfd look = {.fd = pty.fd};
    const bool hung_up = poll(&look, 1, 0) > 0 && (look.revents & POLLHUP) != 0;

    if (hung_up && pty.held) {
        hang_up(&pty);
        tcflush(pty.fd, TCIOFLUSH);
    }
    pty.held = !hung_up;
}

static void flush(struct end *end)
{
    while (end->held && end->length > 0) {
        const ssize_t written = write(end->fd, end->pending, end->length);

        if (written <= 0) {
            if (written < 0 && errno != EAGAIN && errno != EINTR)
                hang_up(end);
            return;
        }
        end->length -= (size_t)written;
        memmove(end->pending, end->pending + written, end->length);
    }
}

void uart_start(uint32_t baud)
{
    (void)baud;
    look_at_pty();
}

static size_t read_from(struct end *end, uint8_t *to, size_t most)
{
    const ssize_t length = end->held ? read(end->fd, to, most) : 0;

    /* Of TCP 0 is the end. */
    if (end->held && (length == 0 || (length < 0 && errno != EAGAIN && errno != EINTR)))
        hang_up(end);
    return length > 0 ? (size_t)length : 0;
}

size_t uart_read(uint8_t *to, size_t most)
{
    const size_t length = read_from(&pty, to, most);

    return length > 0 ? length : read_from(&tcp, to, most);
}

static bool room(const struct end *end, size_t length) { return !end->held || length <= PENDING_MOST - end->length; }

static void append(struct end *end, const uint8_t *from, size_t length)
{
    if (!end->held)
        return;
    memcpy(end->pending + end->length, from, length);
    end->length += length;
    flush(end);
}

bool uart_write(const uint8_t *from, size_t length)
{
    if (!room(&pty, length) || !room(&tcp, length))
        return false;
    append(&pty, from, length);
    append(&tcp, from, length);
    return true;
}

bool uart_idle(void) { return pty.length == 0 && tcp.length == 0; }
uint32_t uart_rx_drops(void) { return 0; } /* the kernel keeps what does not fit until it does */

void line_wait(uint32_t most_us)
{
    const struct timespec most = {.tv_sec = most_us / 1000000u, .tv_nsec = (long)(most_us % 1000000u) * 1000};

    look_at_pty();
    flush(&pty);
    flush(&tcp);
    /* poll passes over what is NOBODY. */
    struct pollfd ends[] = {
        {.fd = pty.held ? pty.fd : NOBODY, .events = (short)(POLLIN | (pty.length > 0 ? POLLOUT : 0))},
        {.fd = tcp.held ? tcp.fd : NOBODY, .events = (short)(POLLIN | (tcp.length > 0 ? POLLOUT : 0))},
        {.fd = listener, .events = POLLIN},
    };

    if (ppoll(ends, sizeof ends / sizeof *ends, &most, NULL) > 0 && (ends[2].revents & POLLIN) != 0) {
        hang_up(&tcp); /* who comes last holds it */
        tcp.fd = tcp_accept(listener);
        tcp.held = tcp.fd != NOBODY;
        keep();
    }
}
