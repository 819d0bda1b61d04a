/* A ring of bytes between an interrupt and the main loop: one of them puts, the other takes, so neither locks the
 * other out. */
#ifndef RING_H
#define RING_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct ring {
    uint8_t *bytes;
    uint32_t size; /* a power of two */
    atomic_uint put, taken; /* all bytes since the start, going round with their 32 bits */
};

static inline uint32_t ring_used(struct ring *ring)
{
    return ring->put - ring->taken;
}

static inline uint32_t ring_free(struct ring *ring)
{
    return ring->size - ring_used(ring);
}

static inline bool ring_put(struct ring *ring, uint8_t byte)
{
    if (ring_free(ring) == 0u) {
        return false;
    }
    uint32_t at = ring->put;
    ring->bytes[at & (ring->size - 1u)] = byte;
    ring->put = at + 1u; /* after the byte stands there */
    return true;
}

static inline bool ring_take(struct ring *ring, uint8_t *byte)
{
    if (ring_used(ring) == 0u) {
        return false;
    }
    uint32_t at = ring->taken;
    *byte = ring->bytes[at & (ring->size - 1u)];
    ring->taken = at + 1u;
    return true;
}

#endif
