/* The plant's second channel, through a real Unix socket. */
/* sources: board/host/pins.c board/host/plant.c board/host/plant_keep.c board/host/plant_room.c board/host/plant_scale.c
   board/host/plant_door.c    board/host/plant_drives.c board/host/plant_fields.c board/host/plant_socket.c
   board/host/plant_listen.c */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "../board/host/plant.h"
#include "../board/host/plant_state.h"
#include "../drivers/clock.h"

static uint32_t now_us;
static char folder[] = "/tmp/skein-plant-XXXXXX";
static char path[64];

uint32_t clock_us(void) { return now_us; }

static void pass(uint32_t ms)
{
    now_us += ms * 1000u;
    plant_turn();
}

static int open_plant(void **s)
{
    (void)s;
    assert_true(plant_open(path));
    plant_reset();
    return 0;
}

static int close_plant(void **s)
{
    (void)s;
    plant_close();
    assert_int_not_equal(access(path, F_OK), 0); /* it leaves nothing behind */
    return 0;
}

static int visit(void)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    const int fd = socket(AF_UNIX, SOCK_STREAM, 0);

    memcpy(address.sun_path, path, strlen(path) + 1);
    assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof address), 0);
    pass(1);
    return fd;
}

static void say(int fd, const char *text)
{
    assert_int_equal(send(fd, text, strlen(text), MSG_NOSIGNAL), (ssize_t)strlen(text));
    pass(1);
}

/* All that is there, with a 0 at its end; how many lines. */
static int hear(int fd, char *to, size_t most)
{
    struct pollfd ready = {.fd = fd, .events = POLLIN};
    size_t length = 0;
    int lines = 0;

    while (length < most - 1 && poll(&ready, 1, 0) == 1) {
        const ssize_t got = recv(fd, to + length, most - 1 - length, 0);

        if (got <= 0)
            break;
        length += (size_t)got;
    }
    to[length] = '\0';
    for (size_t i = 0; i < length; i++)
        lines += to[i] == '\n';
    return lines;
}

static void whoever_comes_hears_the_whole_plant_ten_times_a_second(void **s)
{
    char text[65536];
    const int fd = visit();

    (void)s;
    assert_in_range(hear(fd, text, sizeof text), 1, 2);
    assert_int_equal(text[0], '{');
    assert_non_null(strstr(text, "\"roomC\":18.000,"));
    assert_non_null(strstr(text, "\"doorClosed\":true,"));
    for (int i = 0; i < 1000; i++)
        pass(1);
    assert_in_range(hear(fd, text, sizeof text), 9, 11);
    close(fd);
    pass(200);
}

static void what_is_said_is_done_and_answered_by_the_new_plant(void **s)
{
    char text[65536];
    const int fd = visit();

    (void)s;
    (void)hear(fd, text, sizeof text);
    say(fd, "{\"foot\":true}\n{\"load\":1.5,");
    assert_true(plant.foot != 0.0);
    assert_int_equal(hear(fd, text, sizeof text), 1);
    assert_non_null(strstr(text, "\"foot\":true,"));
    say(fd, "\"outsideC\":-5}\n");
    assert_float_equal(plant.load_kg, 1.5, 0);
    assert_float_equal(plant.outside_c, -5, 0);
    close(fd);
}

static void nonsense_is_answered_with_an_error_and_the_line_stays_open(void **s)
{
    char text[65536];
    const int fd = visit();

    (void)s;
    (void)hear(fd, text, sizeof text);
    say(fd, "{\"feet\":true}\n");
    assert_int_equal(hear(fd, text, sizeof text), 1);
    assert_string_equal(text, "{\"error\":\"no such name\"}\n");
    say(fd, "{\"foot\":true}\n");
    assert_true(plant.foot != 0.0);
    close(fd);
}

static void a_line_without_an_end_is_hung_up_on_and_so_is_nobody_else(void **s)
{
    char text[65536];
    const int bad = visit(), good = visit();

    (void)s;
    memset(text, 'x', 3000);
    text[3000] = '\0';
    say(bad, text);
    pass(1);
    pass(1);
    (void)hear(good, text, sizeof text);
    say(good, "{\"button\":true}\n");
    assert_true(plant.button != 0.0);
    (void)hear(bad, text, sizeof text);
    assert_true(recv(bad, text, 1, MSG_DONTWAIT) <= 0);
    close(bad);
    close(good);
}

static void who_does_not_read_gets_whole_lines_and_holds_nothing_up(void **s)
{
    static char text[4000000];
    const int fd = visit();

    (void)s;
    for (int i = 0; i < 3000; i++)
        pass(100);
    pass(100);
    const int lines = hear(fd, text, sizeof text);

    assert_in_range(lines, 2, 2999);
    for (char *line = text, *end; (end = strchr(line, '\n')) != NULL; line = end + 1) {
        assert_int_equal(line[0], '{');
        assert_int_equal(end[-1], '}');
    }
    close(fd);
}

static void a_place_that_cannot_be_had_is_said(void **s)
{
    (void)s;
    assert_false(plant_open("/nowhere/at/all"));
    assert_false(plant_open("65536"));
    assert_false(plant_open("plant"));
    assert_true(plant_open("0"));
    plant_close();
}

#define WITH_PLANT(test) cmocka_unit_test_setup_teardown(test, open_plant, close_plant)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_PLANT(whoever_comes_hears_the_whole_plant_ten_times_a_second),
        WITH_PLANT(what_is_said_is_done_and_answered_by_the_new_plant),
        WITH_PLANT(nonsense_is_answered_with_an_error_and_the_line_stays_open),
        WITH_PLANT(a_line_without_an_end_is_hung_up_on_and_so_is_nobody_else),
        WITH_PLANT(who_does_not_read_gets_whole_lines_and_holds_nothing_up),
        cmocka_unit_test(a_place_that_cannot_be_had_is_said),
    };
    if (mkdtemp(folder) == NULL)
        return 1;
    (void)snprintf(path, sizeof path, "%s/plant", folder);
    const int failed = cmocka_run_group_tests(tests, NULL, NULL);

    return rmdir(folder) == 0 ? failed : 1;
}
