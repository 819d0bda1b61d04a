/* The board's line on a TCP port of 127.0.0.1. */
#ifndef TCP_PORT_H
#define TCP_PORT_H

/* Prints "tcp 127.0.0.1:N" on stdout. Returns the descriptor, which execve leaves open; -1, with a word on stderr. */
int tcp_listen(const char *port);
/* -1 when nobody is there any more. */
int tcp_accept(int listener);

#endif
