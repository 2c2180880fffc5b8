/* Who a commit is by, found as git finds it (git help commit, "COMMIT INFORMATION"). */
#include <stdlib.h>
#include <string.h>

#include "store_internal.h"

static const struct role {
    const char *name_variable;
    const char *email_variable;
    const char *date_variable;
    const char *name_key;
    const char *email_key;
} roles[] = {
    [DHR_STORE_AUTHOR] = {"GIT_AUTHOR_NAME", "GIT_AUTHOR_EMAIL", "GIT_AUTHOR_DATE", "author.name",
                          "author.email"},
    [DHR_STORE_COMMITTER] = {"GIT_COMMITTER_NAME", "GIT_COMMITTER_EMAIL", "GIT_COMMITTER_DATE",
                             "committer.name", "committer.email"},
};

/* The first that is set: a variable, the role's key, user's key, the last variable. */
static const char *first_of(const git_config *config, const char *variable, const char *key,
                            const char *user_key, const char *last_variable)
{
    const char *value = getenv(variable);
    if (!value && git_config_get_string(&value, config, key) < 0 &&
        git_config_get_string(&value, config, user_key) < 0)
        value = last_variable ? getenv(last_variable) : NULL;
    return value;
}

/* git drops these inside a name; libgit2 trims the other unwanted ones at its ends. */
static void add_clean(struct dhr_buf *buf, const char *text)
{
    for (; text && *text; text++)
        if (*text != '<' && *text != '>' && *text != '\n')
            dhr_buf_addc(buf, *text);
}

static int make(git_signature **out, const struct role *role, const char *name, const char *email,
                struct dhr_err *err)
{
    const char *date = getenv(role->date_variable);
    int64_t seconds = 0;
    int offset_minutes = 0;
    int rc = 0;
    if (date && *date) {
        if (!dhr_store_parse_date(date, &seconds, &offset_minutes))
            return dhr_fail(err, DHR_SYSTEM,
                            "%s: \"%s\" is not a date; write it like 2026-11-24T10:00:00+0000, or "
                            "unset the variable",
                            role->date_variable, date);
        rc = git_signature_new(out, name, email, seconds, offset_minutes);
    } else {
        rc = git_signature_now(out, name, email);
    }
    if (rc == 0)
        return 0;
    /* libgit2 refuses a name or an address of which nothing is left. */
    return dhr_fail(err, DHR_SYSTEM,
                    "git doesn't know who you are; run git config --global user.name \"Your Name\" "
                    "and git config --global user.email you@example.org (or set %s and %s)",
                    role->name_variable, role->email_variable);
}

int dhr_store_signature(git_signature **out, git_repository *git, enum dhr_store_role role,
                        struct dhr_err *err)
{
    const struct role *how = &roles[role];
    git_config *config = NULL;
    struct dhr_buf name = {0};
    struct dhr_buf email = {0};
    int rc = 0;
    if (git_repository_config_snapshot(&config, git) < 0) {
        rc = dhr_fail(err, DHR_UNREADABLE,
                      "git's configuration can't be read (%s); \"git config --list\" may say more",
                      dhr_store_git_error());
        goto out;
    }
    add_clean(&name, first_of(config, how->name_variable, how->name_key, "user.name", NULL));
    add_clean(&email, first_of(config, how->email_variable, how->email_key, "user.email", "EMAIL"));
    rc = make(out, how, dhr_buf_cstr(&name), dhr_buf_cstr(&email), err);
out:
    dhr_buf_release(&email);
    dhr_buf_release(&name);
    git_config_free(config);
    return rc;
}
