/*
 * core.sharedRepository, of which libgit2 knows nothing: what git makes in its folder others
 * may read and write, whatever this user's umask is. The umask is loosened while libgit2 writes,
 * which is no longer than nothing else does; folders and what was there are seen to one by one.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "store_internal.h"

enum { GROUP = 0660, EVERYBODY = 0664, OWNER = 0600, ANY = 0777, GROUP_BITS = 060 };

/* git_config_perm's. 0: not shared; a number of three digits sets the modes, whatever they were. */
static void parse(struct dhr_sharing *sharing, const char *value)
{
    static const struct {
        const char *value;
        mode_t bits;
    } words[] = {{"umask", 0},
                 {"group", GROUP},
                 {"all", EVERYBODY},
                 {"world", EVERYBODY},
                 {"everybody", EVERYBODY}};
    char *end = NULL;
    int yes = 0;
    unsigned long mode = strtoul(value, &end, 8);
    for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
        if (strcmp(value, words[i].value) == 0) {
            sharing->bits = words[i].bits;
            return;
        }
    }
    if (*end)
        sharing->bits = git_config_parse_bool(&yes, value) == 0 && yes ? GROUP : 0;
    else if (mode == 1 || mode == 2)
        sharing->bits = mode == 1 ? GROUP : EVERYBODY;
    else if (mode <= ANY && (mode & OWNER) == OWNER)
        sharing->bits = mode & 0666;
    sharing->exact = !*end && mode > 2;
}

/* Who may read a folder may enter it. */
static mode_t with_search(mode_t bits)
{
    return bits | (bits & 0444) >> 2;
}

static void read_setting(struct dhr_sharing *sharing, git_repository *git)
{
    git_config *config = NULL;
    const char *value = NULL;
    *sharing = (struct dhr_sharing){.git = git};
    if (git_repository_config_snapshot(&config, git) == 0 &&
        git_config_get_string(&value, config, "core.sharedrepository") == 0)
        parse(sharing, value);
    git_config_free(config);
}

void dhr_store_begin_sharing(struct dhr_sharing *sharing, git_repository *git)
{
    read_setting(sharing, git);
    sharing->umask = umask(0);
    mode_t granted = with_search(sharing->bits);
    if (sharing->bits && sharing->exact)
        (void)umask(ANY & ~granted);
    else
        (void)umask(sharing->umask & ~granted);
}

void dhr_store_end_sharing(const struct dhr_sharing *sharing)
{
    (void)umask(sharing->umask);
}

/* git's adjust_shared_perm. What belongs to somebody else stays as it is. */
static void share(const struct dhr_sharing *sharing, const char *path)
{
    struct stat st;
    if (!sharing->bits || lstat(path, &st) != 0 || S_ISLNK(st.st_mode))
        return;
    mode_t bits = st.st_mode & S_IWUSR ? sharing->bits : sharing->bits & ~(mode_t)0222;
    if (S_ISDIR(st.st_mode) || st.st_mode & S_IXUSR)
        bits = with_search(bits);
    mode_t mode = st.st_mode & 07777;
    mode = sharing->exact ? (mode & ~(mode_t)ANY) | bits : mode | bits;
    if (S_ISDIR(st.st_mode) && mode & GROUP_BITS)
        mode |= S_ISGID;
    if (mode != (st.st_mode & 07777))
        (void)chmod(path, mode);
}

void dhr_repo_share(struct dhr_repo *repo, const char *path)
{
    struct dhr_sharing sharing;
    read_setting(&sharing, repo->git);
    share(&sharing, path);
}

/* What is at `path`, and the folders on the way from the one that its first bytes name. */
static void share_way(const struct dhr_sharing *sharing, const char *folder, const char *path,
                      size_t first)
{
    struct dhr_buf whole = {0};
    dhr_buf_adds(&whole, folder);
    size_t folder_len = whole.len;
    for (const char *slash = path + first; slash;
         slash = *slash ? strchrnul(slash + 1, '/') : NULL) {
        whole.len = folder_len;
        dhr_buf_add(&whole, path, (size_t)(slash - path));
        share(sharing, whole.ptr);
    }
    dhr_buf_release(&whole);
}

void dhr_store_share_object(const struct dhr_sharing *sharing, const git_oid *id)
{
    char path[] = "objects/00";
    char text[DHR_COMMIT_ID_SIZE];
    (void)git_oid_tostr(text, sizeof(text), id);
    memcpy(path + strlen("objects/"), text, 2);
    share_way(sharing, git_repository_commondir(sharing->git), path, strlen(path));
}

void dhr_store_share_branch(const struct dhr_sharing *sharing, const char *branch)
{
    struct dhr_buf log = {0};
    size_t heads = strlen("refs/heads/");
    const char *folder = git_repository_commondir(sharing->git);
    dhr_buf_addf(&log, "logs/%s", branch);
    share_way(sharing, folder, branch, heads + strcspn(branch + heads, "/"));
    share_way(sharing, folder, log.ptr, strlen("logs"));
    share_way(sharing, git_repository_path(sharing->git), "logs/HEAD", strlen("logs"));
    dhr_buf_release(&log);
}
