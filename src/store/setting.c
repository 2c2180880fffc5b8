/* What git's configuration says. */
#include <pwd.h>
#include <stdlib.h>
#include <string.h>

#include "store_internal.h"

enum { PASSWD_BYTES = 4096 };

const char *dhr_store_top(git_repository *git)
{
    return git_repository_is_bare(git) ? git_repository_path(git) : git_repository_workdir(git);
}

/*
 * "~/x" and "~name/x" as git expands them; libgit2 takes the home folder from
 * where it looks for the user's configuration, which may have been switched off.
 */
static void add_expanded(struct dhr_buf *buf, const char *path)
{
    const char *rest = path[0] == '~' ? strchr(path, '/') : NULL;
    const char *home = NULL;
    struct passwd user;
    struct passwd *found = NULL;
    char text[PASSWD_BYTES];
    if (rest == path + 1) {
        home = getenv("HOME");
    } else if (rest) {
        char *name = strndup(path + 1, (size_t)(rest - path - 1));
        if (name && getpwnam_r(name, &user, text, sizeof(text), &found) == 0 && found)
            home = found->pw_dir;
        free(name);
    }
    if (home)
        dhr_buf_adds(buf, home);
    dhr_buf_adds(buf, home ? rest : path);
}

int dhr_store_path_setting(git_repository *git, const git_config *config, const char *name,
                           struct dhr_buf *path)
{
    const char *written = NULL;
    int rc = git_config_get_string(&written, config, name);
    if (rc < 0 || !*written)
        return rc;
    if (written[0] != '/' && written[0] != '~')
        dhr_buf_adds(path, dhr_store_top(git));
    add_expanded(path, written);
    return 0;
}

const char *dhr_repo_setting(struct dhr_repo *repo, const char *name, struct dhr_arena *arena)
{
    git_config *config = NULL;
    const char *value = NULL;
    const char *copy = NULL;
    if (git_repository_config_snapshot(&config, repo->git) == 0 &&
        git_config_get_string(&value, config, name) == 0)
        copy = dhr_arena_dup(arena, value, strlen(value));
    git_config_free(config);
    return copy;
}

const char *dhr_repo_path_setting(struct dhr_repo *repo, const char *name, struct dhr_arena *arena)
{
    git_config *config = NULL;
    struct dhr_buf path = {0};
    if (git_repository_config_snapshot(&config, repo->git) == 0)
        (void)dhr_store_path_setting(repo->git, config, name, &path);
    const char *copy = path.len ? dhr_str_dup(arena, dhr_buf_str(&path)) : NULL;
    dhr_buf_release(&path);
    git_config_free(config);
    return copy;
}
