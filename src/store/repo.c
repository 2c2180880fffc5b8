#include "dhrledger/repo.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "dhrledger/date.h"
#include "store_internal.h"

const char *dhr_store_git_error(void)
{
    const git_error *error = git_error_last();
    return error && error->message && *error->message ? error->message : "no reason is given";
}

static bool system_config_is_off(void)
{
    const char *off = getenv("GIT_CONFIG_NOSYSTEM");
    int value = 0;
    return off && git_config_parse_bool(&value, off) == 0 && value;
}

/* NULL is the usual place, as the environment now has it. */
static int look_for_config(git_config_level_t level, bool usual)
{
    return git_libgit2_opts(GIT_OPT_SET_SEARCH_PATH, (int)level, usual ? NULL : "");
}

/*
 * libgit2 doesn't know git's GIT_CONFIG_GLOBAL, GIT_CONFIG_SYSTEM and
 * GIT_CONFIG_NOSYSTEM. Where one is set, the usual places are forgotten here and
 * the named file is added to each repository's configuration as it is opened.
 */
static int obey_config_variables(void)
{
    bool usual_user = getenv("GIT_CONFIG_GLOBAL") == NULL;
    bool usual_system = getenv("GIT_CONFIG_SYSTEM") == NULL && !system_config_is_off();
    if (look_for_config(GIT_CONFIG_LEVEL_GLOBAL, usual_user) < 0 ||
        look_for_config(GIT_CONFIG_LEVEL_XDG, usual_user) < 0)
        return -1;
    return look_for_config(GIT_CONFIG_LEVEL_SYSTEM, usual_system);
}

int dhr_store_init(struct dhr_err *err)
{
    /*
     * A commit that was reported must survive a power cut, as must the files it names. What packs
     * hold is believed as git believes it: their parts have checksums, and git fsck looks at more.
     */
    if (git_libgit2_init() < 0 || git_libgit2_opts(GIT_OPT_ENABLE_FSYNC_GITDIR, 1) < 0 ||
        git_libgit2_opts(GIT_OPT_ENABLE_STRICT_HASH_VERIFICATION, 0) < 0 ||
        obey_config_variables() != 0)
        return dhr_fail(err, DHR_SYSTEM, "libgit2 can't be started (%s); check its installation",
                        dhr_store_git_error());
    return 0;
}

void dhr_store_shutdown(void)
{
    git_libgit2_shutdown();
}

static int add_config_file(git_repository *git, const char *path, git_config_level_t level)
{
    git_config *config = NULL;
    if (!path || !*path || access(path, F_OK) != 0)
        return 0;
    int rc = git_repository_config(&config, git);
    if (rc == 0)
        rc = git_config_add_file_ondisk(config, path, level, git, 1);
    git_config_free(config);
    return rc;
}

static int add_config_files(git_repository *git)
{
    int rc = add_config_file(git, getenv("GIT_CONFIG_GLOBAL"), GIT_CONFIG_LEVEL_GLOBAL);
    if (rc == 0 && !system_config_is_off())
        rc = add_config_file(git, getenv("GIT_CONFIG_SYSTEM"), GIT_CONFIG_LEVEL_SYSTEM);
    return rc;
}

bool dhr_store_in_quarantine(void)
{
    const char *objects = getenv("GIT_OBJECT_DIRECTORY");
    return objects && *objects;
}

/* What is being pushed is not in the repository yet; libgit2 doesn't look for it by itself. */
static int add_objects(git_repository *git)
{
    const char *pushed = dhr_store_in_quarantine() ? getenv("GIT_OBJECT_DIRECTORY") : NULL;
    git_buf objects = GIT_BUF_INIT;
    git_odb *odb = NULL;
    int rc = git_repository_item_path(&objects, git, GIT_REPOSITORY_ITEM_OBJECTS);
    if (rc == 0)
        rc = git_repository_odb(&odb, git);
    if (rc == 0)
        rc = dhr_store_guard_odb(odb, objects.ptr);
    if (rc == 0 && pushed)
        rc = git_odb_add_disk_alternate(odb, pushed);
    if (rc == 0 && pushed)
        rc = dhr_store_guard_odb(odb, pushed);
    git_odb_free(odb);
    git_buf_dispose(&objects);
    return rc;
}

/* The folder that git's safe.directory has to name: the work tree, or a bare repository itself. */
static void find_owned_folder(const char *start, struct dhr_buf *folder)
{
    char *real = realpath(start, NULL);
    dhr_buf_adds(folder, real ? real : start);
    free(real);
    git_buf found = GIT_BUF_INIT;
    if (git_repository_discover(&found, start, 0, getenv("GIT_CEILING_DIRECTORIES")) == 0 &&
        !strstr(found.ptr, "/.git/")) {
        dhr_buf_clear(folder);
        dhr_buf_adds(folder, found.ptr);
        if (folder->len > 1)
            folder->ptr[--folder->len] = '\0';
    } else {
        while (folder->len > 1) {
            size_t len = folder->len;
            dhr_buf_adds(folder, "/.git");
            bool here = access(folder->ptr, F_OK) == 0;
            folder->len = len;
            folder->ptr[len] = '\0';
            if (here)
                break;
            const char *slash = strrchr(folder->ptr, '/');
            folder->len = slash && slash > folder->ptr ? (size_t)(slash - folder->ptr) : 1;
            folder->ptr[folder->len] = '\0';
        }
    }
    git_buf_dispose(&found);
}

/*
 * libgit2 1.5 answers GIT_EOWNER for a repository of somebody else's, but "config
 * value 'safe.directory' was not found" where no safe.directory is set at all.
 */
static int refuse(int rc, const char *start, struct dhr_err *err)
{
    const char *reason = dhr_store_git_error();
    if (rc == GIT_EOWNER || strstr(reason, "safe.directory")) {
        struct dhr_buf folder = {0};
        find_owned_folder(start, &folder);
        (void)dhr_fail(err, DHR_UNREADABLE,
                       "%s: this repository belongs to another user; if you trust it, run "
                       "\"git config --global --add safe.directory %s\" and try again",
                       folder.ptr, folder.ptr);
        dhr_buf_release(&folder);
        return -1;
    }
    if (strstr(reason, "extension") || strstr(reason, "repository version"))
        return dhr_fail(err, DHR_UNREADABLE,
                        "%s: this repository has a format that dhrledger can't read (%s); work in "
                        "a new \"git clone\" made without that format",
                        start, reason);
    return dhr_fail(err, DHR_UNREADABLE,
                    "%s: the git repository here can't be opened (%s); \"git status\" or \"git "
                    "fsck\" may say more",
                    start, reason);
}

int dhr_repo_open(struct dhr_repo **out, const char *start, struct dhr_err *err)
{
    git_repository *git = NULL;
    *out = NULL;
    git_error_clear();
    int rc = git_repository_open_ext(&git, start, 0, getenv("GIT_CEILING_DIRECTORIES"));
    if (rc == GIT_ENOTFOUND && !strstr(dhr_store_git_error(), "safe.directory"))
        return 0;
    if (rc == 0)
        rc = add_config_files(git);
    if (rc == 0)
        rc = add_objects(git);
    if (rc < 0) {
        (void)refuse(rc, start, err);
        git_repository_free(git);
        return -1;
    }
    struct dhr_repo *repo = dhr_realloc(NULL, sizeof(*repo));
    repo->git = git;
    *out = repo;
    return 0;
}

const char *dhr_repo_workdir(const struct dhr_repo *repo)
{
    return git_repository_workdir(repo->git);
}

const char *dhr_repo_gitdir(const struct dhr_repo *repo)
{
    return git_repository_path(repo->git);
}

/* The moment at which a day ends where the user is; mktime carries over months and years. */
static git_time_t end_of_day(dhr_day day)
{
    struct tm tm = {.tm_year = 70, .tm_mon = 0, .tm_mday = 1 + day + 1, .tm_isdst = -1};
    return (git_time_t)mktime(&tm);
}

int dhr_repo_commit_of(struct dhr_repo *repo, const char *revision, char id[DHR_COMMIT_ID_SIZE],
                       struct dhr_err *err)
{
    git_object *object = NULL;
    git_object *commit = NULL;
    id[0] = '\0';
    int rc = dhr_store_revision(&object, repo->git, revision, err);
    if (rc == 0 && object)
        rc = dhr_store_peel(&commit, object, GIT_OBJECT_COMMIT, revision, err);
    if (commit)
        (void)git_oid_tostr(id, DHR_COMMIT_ID_SIZE, git_object_id(commit));
    git_object_free(commit);
    git_object_free(object);
    return rc;
}

int dhr_repo_revision_on(struct dhr_repo *repo, dhr_day day, char id[DHR_COMMIT_ID_SIZE],
                         struct dhr_err *err)
{
    git_commit *commit = NULL;
    git_commit *parent = NULL;
    git_time_t end = end_of_day(day);
    char text[DHR_DAY_SIZE];
    git_oid tip;
    int rc = git_reference_name_to_id(&tip, repo->git, "HEAD");
    bool younger = rc == GIT_ENOTFOUND;
    if (rc == 0)
        rc = git_commit_lookup(&commit, repo->git, &tip);
    while (rc == 0 && git_commit_time(commit) >= end) {
        younger = git_commit_parentcount(commit) == 0;
        rc = younger ? GIT_ENOTFOUND : git_commit_parent(&parent, commit, 0);
        git_commit_free(commit);
        commit = parent;
        parent = NULL;
    }
    dhr_day_format(day, text);
    if (rc == 0)
        (void)git_oid_tostr(id, DHR_COMMIT_ID_SIZE, git_commit_id(commit));
    else if (younger)
        rc = dhr_fail(err, DHR_UNREADABLE,
                      "the branch has no commit as old as %s; \"git log --reverse\" shows its "
                      "first one",
                      text);
    else
        rc = dhr_fail(err, DHR_UNREADABLE,
                      "the history before %s can't be read (%s); " DHR_STORE_MEND_HISTORY, text,
                      dhr_store_git_error());
    git_commit_free(commit);
    return rc;
}

void dhr_repo_free(struct dhr_repo *repo)
{
    if (!repo)
        return;
    git_repository_free(repo->git);
    free(repo);
}

int dhr_hash(struct dhr_str bytes, char id[DHR_COMMIT_ID_SIZE], struct dhr_err *err)
{
    git_oid oid;
    if (git_odb_hash(&oid, bytes.ptr ? bytes.ptr : "", bytes.len, GIT_OBJECT_BLOB) < 0)
        return dhr_fail(err, DHR_SYSTEM, "can't be hashed (%s)", dhr_store_git_error());
    (void)git_oid_tostr(id, DHR_COMMIT_ID_SIZE, &oid);
    return 0;
}
