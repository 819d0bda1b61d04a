/*
 * The plant's numbers as JSON: one row of a table for each. What may be set has a range; yes and no are true and
 * false. The reader takes flat objects of numbers and booleans, which is all that anybody needs to say here, and does
 * all of a line or nothing.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plant_state.h"

enum may { SHOWN, SET };

struct field {
    const char *name;
    double *value;
    enum may may;
    double min, max;
    int decimals; /* -1: true or false */
};

#define NUMBER(name, member, min, max, decimals) {name, &plant.member, SET, min, max, decimals}
#define SWITCH(name, member) {name, &plant.member, SET, 0, 1, -1}
#define STANDS(name, member, decimals) {name, &plant.member, SHOWN, 0, 0, decimals}

static const struct field fields[] = {
    STANDS("atMs", at_ms, 0),
    NUMBER("outsideC", outside_c, -40, 60, 2),
    NUMBER("outsidePercent", outside_percent, 0, 100, 1),
    NUMBER("hPa", hpa, 800, 1100, 2),
    NUMBER("daylight", daylight, 0, 1, 3),
    NUMBER("steamGPerMin", steam_g_per_min, 0, 100, 1),
    NUMBER("boxWatt", box_watt, 0, 50, 1),
    NUMBER("roomC", room_c, -40, 80, 3),
    STANDS("roomPercent", room_percent, 2),
    NUMBER("boxC", box_c, -40, 85, 3),
    STANDS("lightVolt", light_volt, 3),
    NUMBER("load", load_kg, -30, 30, 4),
    STANDS("scaleKg", scale_kg, 4),
    SWITCH("foot", foot),
    NUMBER("footMm", foot_mm, 20, PLANT_DOOR_MM, 1),
    STANDS("footNewton", foot_newton, 1),
    SWITCH("doorStuck", door_stuck),
    STANDS("doorMm", door_mm, 2),
    STANDS("doorMmPerS", door_mm_per_s, 1),
    STANDS("doorAmpere", door_ampere, 3),
    STANDS("doorClosed", door_closed, -1),
    STANDS("doorOpen", door_open, -1),
    SWITCH("person", person),
    SWITCH("button", button),
    STANDS("rotorRpm", rotor_rpm, 0),
    STANDS("latchDeg", latch_deg, 1),
    STANDS("lampPercent", lamp_percent, 1),
    STANDS("fanPercent", fan_percent, 1),
    STANDS("heater", heater, -1),
    STANDS("green", green, -1),
    NUMBER("supplyMv", supply_mv, 0, 5000, 0),
    SWITCH("sht31Gone", sht31_gone),
    SWITCH("sht31Damaged", sht31_damaged),
    SWITCH("bme280Gone", bme280_gone),
    SWITCH("busStuck", bus_stuck),
    SWITCH("scaleGone", scale_gone),
    SWITCH("encoderGone", encoder_gone),
    SWITCH("switchesOff", switches_off),
};
#define FIELDS (sizeof fields / sizeof fields[0])

static const char *skip(const char *at)
{
    return at + strspn(at, " \t\r\n");
}

/* `"name" :`; the field, and `at` behind the colon. Null: no such thing. */
static const struct field *name_at(const char **at)
{
    const char *from = skip(*at);
    const size_t length = *from == '"' ? strcspn(from + 1, "\"") : 0;
    const char *after = *from == '"' && from[length + 1] == '"' ? skip(from + length + 2) : from;

    if (length == 0 || *after != ':')
        return NULL;
    *at = skip(after + 1);
    for (size_t i = 0; i < FIELDS; i++)
        if (strlen(fields[i].name) == length && strncmp(fields[i].name, from + 1, length) == 0)
            return &fields[i];
    return NULL;
}

static bool value_at(const char **at, const struct field *field, double *value)
{
    char *end = NULL;

    if (field->decimals < 0) {
        *value = strncmp(*at, "true", 4) == 0;
        if (*value == 0.0 && strncmp(*at, "false", 5) != 0)
            return false;
        *at = skip(*at + (*value != 0.0 ? 4 : 5));
        return true;
    }
    if (strchr("-0123456789", **at) == NULL || **at == '\0')
        return false;
    *value = strtod(*at, &end);
    *at = skip(end);
    return *value >= field->min && *value <= field->max;
}

const char *plant_fields_take(const char *line)
{
    double values[FIELDS];
    bool given[FIELDS] = {false};
    const char *at = skip(line);

    do {
        const char first = at == skip(line) ? '{' : ',';

        if (*at != first)
            return "not a flat JSON object";
        at++;
        const struct field *field = name_at(&at);

        if (field == NULL)
            return "no such name";
        if (field->may != SET)
            return "it is shown and cannot be set";
        if (!value_at(&at, field, &values[field - fields]))
            return "not a value that it can have";
        given[field - fields] = true;
    } while (*at != '}');
    if (*skip(at + 1) != '\0')
        return "not a flat JSON object";
    for (size_t i = 0; i < FIELDS; i++)
        if (given[i])
            *fields[i].value = values[i];
    return NULL;
}

size_t plant_fields_tell(char *to, size_t most)
{
    size_t length = 0;

    for (size_t i = 0; i < FIELDS && length < most; i++) {
        const struct field *field = &fields[i];
        const double value = *field->value;
        char text[32];

        if (field->decimals < 0)
            (void)snprintf(text, sizeof text, "%s", value != 0.0 ? "true" : "false");
        else
            (void)snprintf(text, sizeof text, "%.*f", field->decimals, value);
        length += (size_t)snprintf(to + length, most - length, "%c\"%s\":%s", i ? ',' : '{', field->name, text);
    }
    if (length + 3 > most)
        return 0;
    memcpy(to + length, "}\n", 3);
    return length + 2;
}
