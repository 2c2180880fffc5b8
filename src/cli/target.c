#include "target.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "dhrledger/check.h"
#include "dhrledger/file.h"
#include "guard.h"

int cli_target_open(struct cli_target *target)
{
    struct cli *cli = target->cli;
    if (target->no_commit && cli->root)
        return 0;
    if (!cli->repo)
        return dhr_fail(&cli->err, DHR_UNREADABLE,
                        "%s: not in a git repository, so there is no history to commit to; use "
                        "--no-commit, or run \"git init\" there first",
                        cli->root);
    return dhr_writer_open(&target->writer, cli->repo, &cli->err);
}

static const char *repository_path(const struct cli_target *target, const char *path)
{
    const char *prefix = target->cli->prefix;
    return *prefix ? dhr_arena_printf(&target->cli->arena, "%s/%s", prefix, path) : path;
}

int cli_target_read(void *user, const char *path, struct dhr_arena *arena, struct dhr_str *bytes,
                    struct dhr_err *err)
{
    struct cli_target *target = user;
    if (target->writer)
        return dhr_writer_read(target->writer, repository_path(target, path), arena, bytes, err);
    int root = open(target->cli->root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (root < 0)
        return dhr_fail_errno(err, DHR_UNREADABLE, "%s: can't be opened", target->cli->root);
    int rc = dhr_file_read(root, path, DHR_RECORD_MAX_BYTES, arena, bytes, err);
    (void)close(root);
    return rc;
}

int cli_target_load_tip(struct cli_target *target, const struct dhr_ledger **tip)
{
    struct cli *cli = target->cli;
    char id[DHR_COMMIT_ID_SIZE];
    *tip = NULL;
    if (!target->writer)
        return 0;
    dhr_writer_tip(target->writer, id);
    if (dhr_source_open_revision(&target->tip_source, cli->repo, *id ? id : "HEAD", cli->prefix,
                                 &cli->err) < 0 ||
        dhr_ledger_load(&target->tip, target->tip_source, &cli->err) < 0)
        return -1;
    *tip = &target->tip;
    return 0;
}

int cli_target_check(struct cli_target *target, struct dhr_findings *findings,
                     const struct dhr_record *settings, struct dhr_str id)
{
    dhr_findings_accept(findings, findings, NULL);
    dhr_findings_regrade(findings, settings);
    dhr_findings_sort(findings);
    if (!dhr_findings_of(findings, DHR_SEVERITY_ERROR))
        return 0;
    struct cli *cli = target->cli;
    cli_note_findings(cli, findings);
    return dhr_fail(&cli->err, DHR_FOUND,
                    "%s: with this change the record would not be sound; nothing was changed",
                    dhr_path_without(dhr_str_dup(&cli->arena, id), cli->guard, &cli->arena));
}

static struct dhr_change *in_repository(const struct cli_target *target,
                                        const struct dhr_change *changes, size_t count)
{
    struct dhr_change *own = dhr_arena_alloc(&target->cli->arena, (count + 1) * sizeof(*own));
    for (size_t i = 0; i < count; i++) {
        own[i] = changes[i];
        own[i].path = repository_path(target, changes[i].path);
    }
    return own;
}

int cli_target_judge(struct cli_target *target, const struct dhr_change *changes, size_t count,
                     const char *message)
{
    struct dhr_buf plain = {0};
    cli_withhold(target->cli, message, &plain);
    int rc = cli_judge(target, in_repository(target, changes, count), count, dhr_buf_cstr(&plain));
    dhr_buf_release(&plain);
    return rc;
}

static int commit_plain(struct cli_target *target, const struct dhr_change *changes, size_t count,
                        const char *message)
{
    struct cli *cli = target->cli;
    char id[DHR_COMMIT_ID_SIZE];
    struct dhr_change *own = in_repository(target, changes, count);
    if (cli_judge(target, own, count, message) < 0)
        return -1;
    if (target->dry) {
        (void)printf("%s", message);
        return 0;
    }
    if (dhr_writer_commit(target->writer, own, count, message, id, &cli->err) < 0)
        return -1;
    (void)printf("%.7s %.*s\n", id, (int)strcspn(message, "\n"), message);
    return 0;
}

/* The message without personal data, which a value may have had before. */
static int commit(struct cli_target *target, const struct dhr_change *changes, size_t count,
                  const char *message)
{
    struct dhr_buf plain = {0};
    int rc = cli_check_private(target->cli, target->why, changes, count);
    if (rc == 0) {
        cli_withhold(target->cli, message, &plain);
        rc = commit_plain(target, changes, count, dhr_buf_cstr(&plain));
    }
    dhr_buf_release(&plain);
    return rc;
}

int cli_target_write(struct cli_target *target, const struct dhr_change *changes, size_t count,
                     const char *message)
{
    struct cli *cli = target->cli;
    if (target->writer)
        return commit(target, changes, count, message);
    if (!target->dry && dhr_changes_write(cli->root, changes, count, &cli->err) < 0)
        return -1;
    for (size_t i = 0; i < count; i++)
        (void)printf("%s%s%s\n", changes[i].path,
                     changes[i].kind == DHR_CHANGE_REMOVE ? " (removed)" : "",
                     target->dry ? " (nothing written)" : "");
    return 0;
}

void cli_target_close(struct cli_target *target)
{
    dhr_ledger_release(&target->judged);
    dhr_ledger_release(&target->tip);
    dhr_source_free(target->tip_source);
    dhr_writer_free(target->writer);
}
