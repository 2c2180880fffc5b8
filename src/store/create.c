#include "dhrledger/repo.h"

#include "store_internal.h"

/* libgit2 doesn't look for init.defaultBranch where GIT_CONFIG_GLOBAL says. */
static void name_branch(git_repository *git)
{
    git_config *config = NULL;
    const char *name = NULL;
    struct dhr_buf branch = {0};
    if (git_repository_config_snapshot(&config, git) == 0 &&
        git_config_get_string(&name, config, "init.defaultbranch") == 0 && *name) {
        dhr_buf_addf(&branch, "refs/heads/%s", name);
        (void)git_repository_set_head(git, branch.ptr);
    }
    dhr_buf_release(&branch);
    git_config_free(config);
}

int dhr_repo_create(struct dhr_repo **out, const char *folder, struct dhr_err *err)
{
    git_repository_init_options options = {.version = GIT_REPOSITORY_INIT_OPTIONS_VERSION,
                                           .flags = GIT_REPOSITORY_INIT_MKPATH |
                                                    GIT_REPOSITORY_INIT_EXTERNAL_TEMPLATE |
                                                    GIT_REPOSITORY_INIT_NO_REINIT};
    git_repository *git = NULL;
    *out = NULL;
    int rc = git_repository_init_ext(&git, folder, &options);
    git_repository_free(git);
    if (rc < 0)
        return dhr_fail(err, DHR_SYSTEM,
                        "%s: no repository can be made there (%s); \"git init\" may say more",
                        folder, dhr_store_git_error());
    if (dhr_repo_open(out, folder, err) < 0)
        return -1;
    if (*out)
        name_branch((*out)->git);
    return 0;
}
