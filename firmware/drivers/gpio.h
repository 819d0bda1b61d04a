/* General-purpose I/O. A pin is a port and a number in one byte: PIN(A, 5) is PA5, the Nucleo's green LED. */
#ifndef GPIO_H
#define GPIO_H

#include <stdbool.h>
#include <stdint.h>

enum gpio_port { GPIO_A, GPIO_B, GPIO_C, GPIO_D, GPIO_E, GPIO_F, GPIO_G, GPIO_H };
#define PIN(port, number) ((uint8_t)((GPIO_##port << 4) | (number)))

enum gpio_pull { GPIO_FLOAT, GPIO_PULL_UP, GPIO_PULL_DOWN };

/* An output stands at `high` from its first moment on. */
void gpio_output(uint8_t pin, bool high);
void gpio_open_drain(uint8_t pin, bool high);
void gpio_input(uint8_t pin, enum gpio_pull pull);
void gpio_analog(uint8_t pin);
/* Hands the pin to a peripheral; `function` is the alternate function of the data sheet's table, 0-15. */
void gpio_alternate(uint8_t pin, uint8_t function, bool open_drain);
void gpio_write(uint8_t pin, bool high);
bool gpio_read(uint8_t pin);

#endif
