/*
 * Settings in two sectors of flash. A sector is a row of slots of eight words, the last of them a CRC; the first slot is the sector's head,
 * with a sequence number. A new value goes into the next free slot: it counts from the moment its CRC is written, which is the last word, and
 * of two for the same setting the later one counts. A full sector's living values are copied to the other one, whose head is written last: only
 * with it, and because its sequence number is higher, does the other one count. So nothing that counts is ever erased or written over.
 */
#include "settings.h"

#include <string.h>

#include "../drivers/flash.h"
#include "crc.h"

#define SLOT_WORDS 8u
#define CRC_WORD 7u
#define SLOTS ((uint32_t)(FLASH_SECTOR_BYTES / 4u / SLOT_WORDS))
#define MAGIC 0x31534b53u /* "SKS1" */
#define ERASED UINT32_MAX
#define NO_SECTOR FLASH_SECTORS
/* Instead of a CRC: this slot was found to be damaged, and that was told. Zeros can be written over anything. */
#define STRUCK_OUT 0u

struct slot {
    uint32_t words[SLOT_WORDS];
};

static uint8_t active;    /* the sector that counts, or NO_SECTOR */
static uint32_t sequence; /* its number */
static uint32_t next;     /* its first free slot */

static uint32_t crc_of(const struct slot *slot)
{
    uint8_t bytes[CRC_WORD * 4];

    memcpy(bytes, slot->words, sizeof bytes);
    return crc32(0, bytes, sizeof bytes);
}

static void slot_read(uint8_t sector, uint32_t index, struct slot *to)
{
    flash_read(sector, index * SLOT_WORDS, to->words, SLOT_WORDS);
}

static bool valid(const struct slot *slot) { return slot->words[CRC_WORD] == crc_of(slot); }

static bool blank(const struct slot *slot)
{
    for (size_t i = 0; i < SLOT_WORDS; i++) {
        if (slot->words[i] != ERASED)
            return false;
    }
    return true;
}

/* Not one whose writing the power cut short, which never counted, but one that did. */
static bool damaged(const struct slot *slot)
{
    return !valid(slot) && slot->words[CRC_WORD] != ERASED && slot->words[CRC_WORD] != STRUCK_OUT;
}

static void strike_out(uint8_t sector, uint32_t index)
{
    const uint32_t zero = STRUCK_OUT;

    (void)flash_write(sector, index * SLOT_WORDS + CRC_WORD, &zero, 1); /* where that fails, it is told again */
}

static bool write_slot(uint8_t sector, uint32_t index, struct slot *slot)
{
    slot->words[CRC_WORD] = crc_of(slot);
    return flash_write(sector, index * SLOT_WORDS, slot->words, SLOT_WORDS);
}

/* Chooses the sector that counts. False: one has a head that did count and is damaged, and no other counts. */
static bool choose(void)
{
    bool whole = true;

    active = NO_SECTOR;
    for (uint8_t sector = 0; sector < FLASH_SECTORS; sector++) {
        struct slot head;

        slot_read(sector, 0, &head);
        if (head.words[0] != MAGIC)
            continue;
        if (!valid(&head)) {
            whole = whole && !damaged(&head);
        } else if (active == NO_SECTOR || head.words[1] - sequence < UINT32_MAX / 2) {
            active = sector;
            sequence = head.words[1];
        }
    }
    return whole || active != NO_SECTOR;
}

bool settings_start(void)
{
    bool whole = choose();

    next = SLOTS;
    if (active == NO_SECTOR) {
        for (uint8_t sector = 0; !whole && sector < FLASH_SECTORS; sector++)
            strike_out(sector, 0);
        return whole;
    }
    next = 1;
    for (uint32_t index = 1; index < SLOTS; index++) {
        struct slot slot;

        slot_read(active, index, &slot);
        if (!blank(&slot))
            next = index + 1;
        if (damaged(&slot)) {
            whole = false;
            strike_out(active, index);
        }
    }
    return whole;
}

static uint16_t key_of(uint8_t channel, uint8_t setting) { return (uint16_t)(channel | setting << 8); }

/* The last slot from `from` on that counts for this key; 0: none. */
static uint32_t find(uint16_t key, uint32_t from)
{
    if (active == NO_SECTOR)
        return 0;
    for (uint32_t index = next; index-- > from;) {
        uint32_t first;

        flash_read(active, index * SLOT_WORDS, &first, 1);
        if ((first & UINT16_MAX) != key)
            continue;
        struct slot slot;

        slot_read(active, index, &slot);
        if (valid(&slot))
            return index;
    }
    return 0;
}

bool settings_get(uint8_t channel, uint8_t setting, struct setting *to)
{
    const uint32_t index = find(key_of(channel, setting), 1);

    *to = (struct setting){.kind = SETTING_NONE};
    if (index == 0)
        return false;
    struct slot slot;

    slot_read(active, index, &slot);
    to->kind = (slot.words[0] >> 16 & UINT8_MAX) == SETTING_NUMBER ? SETTING_NUMBER
               : (slot.words[0] >> 16 & UINT8_MAX) == SETTING_TEXT ? SETTING_TEXT
                                                                   : SETTING_NONE;
    if (to->kind == SETTING_NUMBER)
        memcpy(&to->number, &slot.words[1], sizeof to->number);
    else if (to->kind == SETTING_TEXT)
        memcpy(to->text, &slot.words[1], SETTING_TEXT_MOST);
    return to->kind != SETTING_NONE;
}

/* Copies what lives to the other sector, `fresh` instead of what it replaces, and lets that one count. */
static bool move(struct slot *fresh)
{
    const uint8_t to = active == 0 ? 1 : 0;
    const uint16_t key = (uint16_t)(fresh->words[0] & UINT16_MAX);
    const bool removed = fresh->words[0] >> 16 == SETTING_NONE;
    struct slot head = {{MAGIC, active == NO_SECTOR ? 1 : sequence + 1}};
    uint32_t at = 1;

    if (!flash_erase(to))
        return false;
    for (uint32_t index = 1; active != NO_SECTOR && index < next; index++) {
        struct slot slot;

        slot_read(active, index, &slot);
        const uint16_t its_key = (uint16_t)(slot.words[0] & UINT16_MAX);

        if (!valid(&slot) || its_key == key || slot.words[0] >> 16 == SETTING_NONE || find(its_key, index + 1) != 0)
            continue;
        if (!write_slot(to, at++, &slot))
            return false;
    }
    if (at == SLOTS || (!removed && !write_slot(to, at++, fresh)) || !write_slot(to, 0, &head))
        return false;
    active = to;
    sequence = head.words[1];
    next = at;
    return true;
}

bool settings_put(uint8_t channel, uint8_t setting, const struct setting *value)
{
    struct slot slot = {{key_of(channel, setting) | (uint32_t)value->kind << 16}};

    if (value->kind == SETTING_NUMBER)
        memcpy(&slot.words[1], &value->number, sizeof value->number);
    else if (value->kind == SETTING_TEXT)
        memcpy(&slot.words[1], value->text, SETTING_TEXT_MOST);
    if (next < SLOTS)
        return write_slot(active, next++, &slot);
    return move(&slot);
}
