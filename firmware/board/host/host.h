/* What the PC's parts of the board share: how they are begun, and what outlives a reset. Only for what lies in board/host. */
#ifndef HOST_H
#define HOST_H

#include <stdbool.h>
#include <stdint.h>

/* uart_pty.c: the line. A pty, and when `tcp` is not null the same bytes on this TCP port of 127.0.0.1 (0: a free one). Prints
 * "pty /dev/pts/N" and "tcp 127.0.0.1:N" on stdout. `link` may be null. False, with a word on stderr: that could not be had. */
bool line_open(const char *link, const char *tcp);
/* Sleeps until something can be read or written on the line, or for so long. */
void line_wait(uint32_t most_us);
void line_close(void);

/* flash_file.c: the flash is this file, or memory when it is null. */
bool flash_open(const char *path);

/* clock.c: the board's time goes so many times as fast as the PC's. */
void clock_open(double times_as_fast);
double clock_speed(void);

/* system.c: `argv` is what the program is begun with anew at a reset, `uid` 24 hex digits or null. False: no such uid. */
bool system_open(char **argv, const char *uid);
/* Whether this is a start after a reset, in which the line is still open. */
bool system_was_reset(void);

#endif
