/*
 * libgit2 takes the settings for making packs from the repository's configuration
 * alone. Looking for deltas takes longer than all else that a large commit does, and
 * "git gc" looks better, later. So behind all other settings there is one more, the size
 * above which a file gets no delta: core.bigFileThreshold = 1, for which libgit2 1.5 asks
 * under the name of pack.deltaCacheSize.
 */
#include <stdlib.h>
#include <string.h>

#include <git2/sys/config.h>

#include "store_internal.h"

static int open_settings(git_config_backend *backend, git_config_level_t level,
                         const git_repository *git)
{
    (void)backend;
    (void)level;
    (void)git;
    return 0;
}

static void free_entry(git_config_entry *entry)
{
    free(entry);
}

static int get_setting(git_config_backend *backend, const char *key, git_config_entry **out)
{
    static const char *const keys[] = {"core.bigfilethreshold", "pack.deltacachesize"};
    size_t i = 0;
    (void)backend;
    while (i < sizeof(keys) / sizeof(*keys) && strcmp(key, keys[i]) != 0)
        i++;
    if (i == sizeof(keys) / sizeof(*keys))
        return GIT_ENOTFOUND;
    *out = dhr_realloc(NULL, sizeof(**out));
    **out = (git_config_entry){
        .name = keys[i], .value = "1", .level = GIT_CONFIG_LEVEL_PROGRAMDATA, .free = free_entry};
    return 0;
}

static void free_settings(git_config_backend *backend)
{
    free(backend);
}

static int copy_settings(git_config_backend **out, git_config_backend *backend)
{
    *out = dhr_realloc(NULL, sizeof(**out));
    **out = *backend;
    (*out)->cfg = NULL;
    return 0;
}

int dhr_store_add_pack_settings(git_repository *git)
{
    const git_config_backend settings = {.version = GIT_CONFIG_BACKEND_VERSION,
                                         .readonly = 1,
                                         .open = open_settings,
                                         .get = get_setting,
                                         .snapshot = copy_settings,
                                         .free = free_settings};
    git_config *config = NULL;
    git_config_backend *backend = dhr_realloc(NULL, sizeof(*backend));
    *backend = settings;
    int rc = git_repository_config(&config, git);
    if (rc == 0)
        rc = git_config_add_backend(config, backend, GIT_CONFIG_LEVEL_PROGRAMDATA, git, 0);
    if (rc < 0)
        free(backend);
    git_config_free(config);
    return rc == GIT_EEXISTS ? 0 : rc;
}
