/*
 * The BME280's numbers to °C, hPa and %: the formulas for double precision of Bosch's data sheet (BST-BME280-DS001,
 * 8.1). The chip computes doubles in software, about 0.1 ms a conversion; the sheet's integer formulas are quicker,
 * but a damaged trim (the part sends no checksum) makes them overflow, and single precision is too coarse for the
 * pressure.
 */
#include "bme280.h"

double bme280_fine(const struct bme280_trim *trim, uint32_t raw)
{
    const double linear = (raw / 16384.0 - trim->t1 / 1024.0) * trim->t2;
    const double from_t1 = raw / 131072.0 - trim->t1 / 8192.0;

    return linear + from_t1 * from_t1 * trim->t3;
}

float bme280_celsius(double fine)
{
    return (float)(fine / 5120.0);
}

float bme280_hectopascal(const struct bme280_trim *trim, double fine, uint32_t raw)
{
    const double t = fine / 2.0 - 64000.0;
    const double offset = (t * t * trim->p6 / 32768.0 + t * trim->p5 * 2.0) / 4.0 + trim->p4 * 65536.0;
    const double slope = (1.0 + (trim->p3 * t * t / 524288.0 + trim->p2 * t) / 524288.0 / 32768.0) * trim->p1;

    if (!(slope > 0.0))
        return 0.0f; /* a trim of zeros: the sheet avoids the division so */

    const double pascal = (1048576.0 - raw - offset / 4096.0) * 6250.0 / slope;
    const double bent = trim->p9 * pascal * pascal / 2147483648.0 + pascal * trim->p8 / 32768.0 + trim->p7;

    return (float)((pascal + bent / 16.0) / 100.0);
}

float bme280_percent(const struct bme280_trim *trim, double fine, uint32_t raw)
{
    const double t = fine - 76800.0;
    const double scale = trim->h2 / 65536.0 * (1.0 + trim->h6 / 67108864.0 * t * (1.0 + trim->h3 / 67108864.0 * t));
    const double flat = (raw - (trim->h4 * 64.0 + trim->h5 / 16384.0 * t)) * scale;
    const double percent = flat * (1.0 - trim->h1 * flat / 524288.0);

    return (float)(percent < 0.0 ? 0.0 : percent > 100.0 ? 100.0 : percent);
}
