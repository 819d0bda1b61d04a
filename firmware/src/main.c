/* The firmware on a chip; on a PC board/host/main.c stands in its place. */
#include "../drivers/system.h"
#include "hub.h"

int main(void)
{
    system_start();
    hub_start();
    for (;;)
        system_sleep(hub_turn());
}
