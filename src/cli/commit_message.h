/* The message of a commit that is being made, as git will take it from its file. */
#ifndef CLI_COMMIT_MESSAGE_H
#define CLI_COMMIT_MESSAGE_H

#include "cli.h"

/*
 * For git's hook commit-msg, after cli_find. Without the comment lines and what is below the
 * scissors, where the settings and git's environment say that it leaves them out; where that
 * can't be known, with them. In the arena; "" where nothing is left.
 */
int commit_message_read(struct cli *cli, const char *file, const char **message);

/* Whether an editor was opened for it: where git opens none, it tells its hooks so. */
bool commit_message_is_edited(void);

#endif
