/* Who the host is to the board: whether it has said HELLO_REQ since the reset, and whether it is still there. */
#ifndef SESSION_H
#define SESSION_H

#include <stdbool.h>
#include <stdint.h>

#include "cbor.h"

void session_start(void);
/* HELLO_REQ: 0, or LINK_REFUSAL_... */
uint8_t session_greet(const struct cbor_value *fields);
bool session_open(void);
/* 8 bytes; null before the first HELLO_REQ after the reset. */
const uint8_t *session_boot_id(void);
/* A whole frame came from the host. */
void session_heard(uint32_t now_ms);
/* Makes the board safe when the host has been silent for too long. */
void session_tick(uint32_t now_ms);

#endif
