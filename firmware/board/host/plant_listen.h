/* Where the plant listens. */
#ifndef PLANT_LISTEN_H
#define PLANT_LISTEN_H

/* A socket that is bound and says so on stderr, for a TCP port on 127.0.0.1 or a path with a / in it; -1: it cannot be
 * had. */
int plant_listen(const char *where);
/* Leaves no file behind. */
void plant_listen_end(void);

#endif
