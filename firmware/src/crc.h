/* Checksums: CRC-16/CCITT-FALSE for frames, CRC-32 (ISO-HDLC, as in zlib) for descriptions and settings. */
#ifndef CRC_H
#define CRC_H

#include <stddef.h>
#include <stdint.h>

/* `123456789` gives 0x29B1. */
uint16_t crc16(const uint8_t *data, size_t length);
/* `123456789` gives 0xCBF43926. `before` is the CRC of what went before, 0 at the beginning. */
uint32_t crc32(uint32_t before, const uint8_t *data, size_t length);

#endif
