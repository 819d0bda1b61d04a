/*
 * Lines of JSON over TCP on 127.0.0.1 or a Unix socket. Whoever is connected hears the whole plant every 100 ms of
 * its time, and at once after a line of its own that was taken; a line that was not is answered with {"error":...}.
 * Who does not read in time misses lines, never a part of one, and holds nothing up.
 */
#include "plant_socket.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "plant_listen.h"
#include "plant_state.h"

#define WATCHERS 8
#define LINE 1024
#define TOLD 2048
#define EVERY_MS 100.0

struct watcher {
    int fd; /* 0: nobody */
    char heard[LINE];
    size_t heard_length;
    char told[TOLD]; /* what has not gone out yet */
    size_t told_length;
};

static struct watcher watchers[WATCHERS];
static int listener = -1;
static double next_ms;

bool plant_socket_open(const char *where)
{
    listener = plant_listen(where);
    if (listener >= 0 && listen(listener, WATCHERS) == 0)
        return true;
    fprintf(stderr, "plant: cannot listen at %s: %s\n", where, strerror(errno));
    plant_socket_close();
    return false;
}

static void leave(struct watcher *watcher)
{
    close(watcher->fd);
    memset(watcher, 0, sizeof *watcher);
}

static void push(struct watcher *watcher)
{
    const ssize_t sent = send(watcher->fd, watcher->told, watcher->told_length, MSG_NOSIGNAL | MSG_DONTWAIT);

    if (sent < 0 && errno != EAGAIN && errno != EINTR) {
        leave(watcher);
    } else if (sent > 0) {
        watcher->told_length -= (size_t)sent;
        memmove(watcher->told, watcher->told + sent, watcher->told_length);
    }
}

static void tell(struct watcher *watcher)
{
    if (watcher->told_length == 0)
        watcher->told_length = plant_fields_tell(watcher->told, sizeof watcher->told);
    if (watcher->told_length > 0)
        push(watcher);
}

static void do_line(struct watcher *watcher, const char *line)
{
    const char *wrong = line[strspn(line, " \t\r")] == '\0' ? NULL : plant_fields_take(line);

    if (wrong && watcher->told_length == 0)
        watcher->told_length = (size_t)snprintf(watcher->told, sizeof watcher->told, "{\"error\":\"%s\"}\n", wrong);
    tell(watcher);
}

static void hear(struct watcher *watcher)
{
    char *room = watcher->heard + watcher->heard_length;
    const ssize_t got = recv(watcher->fd, room, LINE - 1 - watcher->heard_length, MSG_DONTWAIT);

    if (got < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (got <= 0) { /* gone, or a line that does not end */
        leave(watcher);
        return;
    }
    watcher->heard_length += (size_t)got;
    watcher->heard[watcher->heard_length] = '\0';
    for (char *end; watcher->fd > 0 && (end = memchr(watcher->heard, '\n', watcher->heard_length)) != NULL;) {
        char line[LINE];
        const size_t length = (size_t)(end - watcher->heard);

        memcpy(line, watcher->heard, length);
        line[length] = '\0';
        watcher->heard_length -= length + 1;
        memmove(watcher->heard, end + 1, watcher->heard_length);
        do_line(watcher, line);
    }
}

static void admit(void)
{
    for (int i = 0; i < WATCHERS; i++) {
        if (watchers[i].fd > 0)
            continue;
        const int fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);

        if (fd < 0)
            return;
        watchers[i].fd = fd;
        tell(&watchers[i]);
    }
}

void plant_socket_hear(void)
{
    if (listener < 0)
        return;
    admit();
    for (int i = 0; i < WATCHERS; i++)
        if (watchers[i].fd > 0)
            hear(&watchers[i]);
}

void plant_socket_stepped(void)
{
    if (plant.at_ms < next_ms)
        return;
    next_ms = plant.at_ms + EVERY_MS;
    for (int i = 0; i < WATCHERS; i++)
        if (watchers[i].fd > 0)
            tell(&watchers[i]);
}

void plant_socket_close(void)
{
    for (int i = 0; i < WATCHERS; i++)
        if (watchers[i].fd > 0)
            leave(&watchers[i]);
    if (listener >= 0)
        close(listener);
    listener = -1;
    plant_listen_end();
}
