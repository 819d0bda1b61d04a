/* The pty that is the board's serial line. */
#ifndef TERMINAL_H
#define TERMINAL_H

/* Opens one, raw and not blocking, with a symbolic link to its other end where `link` is not null, and prints its path on stdout. Returns its
 * descriptor, which execve leaves open; -1, with a word on stderr. */
int terminal_open(const char *link);

#endif
