/*
 * The simulated plant behind the host's pins and buses, as main.c sees it: a room, a scale, a door, a rotor, lamps
 * and a button.
 *
 * It is moved on in steps of 1 ms of the board's own clock, so that with a faster clock (--speed) all the rest is the
 * same. From outside it is handled by lines of JSON (plant_socket.c).
 */
#ifndef PLANT_H
#define PLANT_H

#include <stdbool.h>

/* To be handled from outside at `where`: a TCP port on 127.0.0.1 (0: a free one) or, with a / in it, the path of a Unix socket.
 * Says on stderr where it listens ("plant: 127.0.0.1:4711"). False: that could not be had. */
bool plant_open(const char *where);
/* Moves it on to clock_us(), and hears and tells whoever is connected; in every turn of the main loop. Never waits. */
void plant_turn(void);
void plant_close(void);

#endif
