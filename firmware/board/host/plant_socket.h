/* The plant's second channel: lines of JSON to and from whoever is connected. */
#ifndef PLANT_SOCKET_H
#define PLANT_SOCKET_H

#include <stdbool.h>

/* As plant_open says. */
bool plant_socket_open(const char *where);
/* Takes who has come and does what they say. */
void plant_socket_hear(void);
/* A step is over: the plant is told every 100 ms of its own time. */
void plant_socket_stepped(void);
void plant_socket_close(void);

#endif
