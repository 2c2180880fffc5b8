#include "commit_message.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "dhrledger/file.h"

enum { MESSAGE_MAX_BYTES = 512 * 1024 * 1024 }; /* git commit -v adds the whole change to it */

/* What git takes out of a message, by commit.cleanup (git-commit(1), --cleanup). */
enum cleanup { CLEANUP_NOTHING, CLEANUP_COMMENTS, CLEANUP_SCISSORS };

bool commit_message_is_edited(void)
{
    const char *editor = getenv("GIT_EDITOR");
    return !editor || strcmp(editor, ":") != 0;
}

static enum cleanup cleanup_of(struct cli *cli)
{
    const char *set = dhr_repo_setting(cli->repo, "commit.cleanup", &cli->arena);
    if (set && strcmp(set, "strip") == 0)
        return CLEANUP_COMMENTS;
    if (!commit_message_is_edited())
        return CLEANUP_NOTHING;
    if (!set || strcmp(set, "default") == 0)
        return CLEANUP_COMMENTS;
    return strcmp(set, "scissors") == 0 ? CLEANUP_SCISSORS : CLEANUP_NOTHING;
}

static bool is_verbose(struct cli *cli)
{
    static const char *const no[] = {"", "0", "false", "no", "off"};
    const char *set = dhr_repo_setting(cli->repo, "commit.verbose", &cli->arena);
    for (size_t i = 0; set && i < sizeof(no) / sizeof(*no); i++) {
        if (strcasecmp(set, no[i]) == 0)
            return false;
    }
    return set != NULL;
}

/* Behind the comment mark. */
static const char scissors[] = " ------------------------ >8 ------------------------\n";

/* With core.commentChar=auto git takes a character with which no line of the message begins. */
static const char *guess_comment(struct dhr_str text)
{
    static const char *const marks[] = {"#", ";", "@", "!", "$", "%", "^", "&", "|", ":"};
    const char *at = text.len ? memmem(text.ptr, text.len, scissors, strlen(scissors)) : NULL;
    if (at && at > text.ptr) {
        at--;
    } else {
        /* What git adds stands at the end. */
        struct dhr_str shown = dhr_str_trim(text);
        const char *lf = shown.len ? memrchr(shown.ptr, '\n', shown.len) : NULL;
        at = lf ? lf + 1 : shown.ptr;
    }
    for (size_t i = 0; at && i < sizeof(marks) / sizeof(*marks); i++) {
        if (*at == marks[i][0])
            return marks[i];
    }
    return marks[0];
}

static const char *comment_of(struct cli *cli, struct dhr_str text)
{
    const char *set = dhr_repo_setting(cli->repo, "core.commentString", &cli->arena);
    if (!set)
        set = dhr_repo_setting(cli->repo, "core.commentChar", &cli->arena);
    if (set && strcasecmp(set, "auto") == 0)
        return guess_comment(text);
    return set && *set ? set : "#";
}

/* The text above the scissors, which stand on a line of their own. */
static struct dhr_str above_scissors(struct dhr_str text, const char *comment)
{
    struct dhr_buf line = {0};
    dhr_buf_addf(&line, "\n%s%s", comment, scissors);
    size_t len = text.len;
    if (dhr_str_starts(text, line.ptr + 1)) {
        len = 0;
    } else if (len) {
        const char *at = memmem(text.ptr, len, line.ptr, line.len);
        len = at ? (size_t)(at - text.ptr) + 1 : len;
    }
    dhr_buf_release(&line);
    return dhr_str_span(text.ptr, len);
}

static struct dhr_str without_comments(struct dhr_str text, const char *comment,
                                       struct dhr_arena *arena)
{
    struct dhr_buf kept = {0};
    struct dhr_str line;
    while (dhr_str_line(&text, &line)) {
        if (!dhr_str_starts(line, comment))
            dhr_buf_addf(&kept, "%.*s\n", DHR_ARG(line));
    }
    struct dhr_str copy = dhr_str_of(dhr_arena_dup(arena, dhr_buf_cstr(&kept), kept.len));
    dhr_buf_release(&kept);
    return copy;
}

int commit_message_read(struct cli *cli, const char *file, const char **message)
{
    struct dhr_str text = {NULL, 0};
    if (dhr_file_read(AT_FDCWD, file, MESSAGE_MAX_BYTES, &cli->arena, &text, &cli->err) < 0)
        return -1;
    enum cleanup cleanup = cleanup_of(cli);
    const char *comment = comment_of(cli, text);
    if (cleanup == CLEANUP_SCISSORS || commit_message_is_edited() || is_verbose(cli))
        text = above_scissors(text, comment);
    if (cleanup == CLEANUP_COMMENTS)
        text = without_comments(text, comment, &cli->arena);
    *message = dhr_str_dup(&cli->arena, dhr_str_trim(text).len ? text : dhr_str_of(""));
    return 0;
}
