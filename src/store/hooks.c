/* git's hooks: where they are, and which of them dhrledger wrote. */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "dhrledger/file.h"
#include "store_internal.h"

enum { HOOK_MAX_BYTES = 64 * 1024 };

int dhr_store_hooks(git_repository *git, git_config *config, struct dhr_buf *folder)
{
    int rc = dhr_store_path_setting(git, config, "core.hookspath", folder);
    if (rc == GIT_ENOTFOUND) {
        dhr_buf_addf(folder, "%shooks/", git_repository_commondir(git));
        return 0;
    }
    if (folder->len)
        dhr_buf_addc(folder, '/');
    return rc;
}

const char *dhr_repo_hooks(struct dhr_repo *repo, struct dhr_arena *arena)
{
    git_config *config = NULL;
    struct dhr_buf folder = {0};
    if (git_repository_config_snapshot(&config, repo->git) == 0)
        (void)dhr_store_hooks(repo->git, config, &folder);
    const char *path = dhr_arena_dup(arena, dhr_buf_cstr(&folder), folder.len);
    dhr_buf_release(&folder);
    git_config_free(config);
    return path;
}

void dhr_hook_add_call(struct dhr_buf *out, const char *name)
{
    dhr_buf_addf(out, "dhrledger hook %s%s", name,
                 strcmp(name, "commit-msg") == 0 ? " \"$1\"" : "");
}

void dhr_hook_begin(struct dhr_buf *out, const char *name)
{
    dhr_buf_addf(out,
                 "#!/bin/sh\n"
                 "# Written by \"dhrledger hook install\".\n"
                 "command -v dhrledger >/dev/null || {\n"
                 "    echo 'dhrledger is not installed here, so the %s can not be checked' >&2\n"
                 "    exit 1\n"
                 "}\n"
                 "exec ",
                 strcmp(name, "pre-receive") == 0        ? "push"
                 : strcmp(name, "pre-merge-commit") == 0 ? "merge"
                                                         : "commit");
    dhr_hook_add_call(out, name);
}

/* The rest of the last line may be options. */
bool dhr_store_is_own_hook(const char *path, const char *name)
{
    struct dhr_arena arena = {0};
    struct dhr_buf begin = {0};
    struct dhr_str bytes = {NULL, 0};
    struct dhr_err ignored = {0};
    dhr_hook_begin(&begin, name);
    bool own =
        dhr_file_read(AT_FDCWD, path, HOOK_MAX_BYTES, &arena, &bytes, &ignored) == 0 &&
        dhr_str_starts(bytes, begin.ptr) &&
        memchr(bytes.ptr + begin.len, '\n', bytes.len - begin.len) == bytes.ptr + bytes.len - 1;
    dhr_buf_release(&begin);
    dhr_arena_release(&arena);
    return own;
}

bool dhr_hook_calls(struct dhr_str script, const char *name)
{
    struct dhr_buf call = {0};
    struct dhr_str line;
    bool calls = false;
    dhr_buf_addf(&call, "dhrledger hook %s", name);
    while (!calls && dhr_str_line(&script, &line)) {
        line = dhr_str_trim(line);
        calls = line.len && line.ptr[0] != '#' && memmem(line.ptr, line.len, call.ptr, call.len);
    }
    dhr_buf_release(&call);
    return calls;
}

bool dhr_repo_runs_hook(struct dhr_repo *repo, const char *name)
{
    struct dhr_arena arena = {0};
    struct dhr_str script = {NULL, 0};
    struct dhr_err ignored = {0};
    struct stat st;
    const char *folder = dhr_repo_hooks(repo, &arena);
    const char *path = dhr_arena_printf(&arena, "%s%s", folder, name);
    bool runs = *folder && stat(path, &st) == 0 && S_ISREG(st.st_mode) && access(path, X_OK) == 0 &&
                dhr_file_read(AT_FDCWD, path, HOOK_MAX_BYTES, &arena, &script, &ignored) == 0 &&
                dhr_hook_calls(script, name);
    dhr_arena_release(&arena);
    return runs;
}
