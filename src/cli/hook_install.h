/* Writing git's hooks: what the verb hook leaves to hook_install.c. */
#ifndef CLI_HOOK_INSTALL_H
#define CLI_HOOK_INSTALL_H

#include "cli.h"

/* Three hooks in a clone, pre-receive in a bare repository; says what it wrote. */
int hook_install(struct cli *cli);

#endif
