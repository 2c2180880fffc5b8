/* Who verified, and whether it may be that one: the agency declares, somebody else checks. */
#include <string.h>
#include <strings.h>

#include "check_change.h"
#include "dhrledger/ini.h"

enum { UNKNOWN = -1, IMPLEMENTED = 3, VERIFIED = 4 };

/* The two authors of a section, found on the way back through the file's history. */
struct authors {
    struct dhr_str agency;
    struct dhr_arena *arena;
    const char *verifier; /* "Ada Author <ada@example.org>" */
    const char *verifier_email;
    const char *declarer_email;
};

static int status_of(const struct dhr_record *record, struct dhr_str agency)
{
    const struct dhr_section *section = record ? dhr_record_addressee(record, agency) : NULL;
    return section ? dhr_section_word(section, DHR_KEY_ADDRESSEE_STATUS) : UNKNOWN;
}

static const struct dhr_record *parse(struct dhr_str bytes, const char *path,
                                      struct dhr_arena *arena)
{
    struct dhr_ini ini = {0};
    struct dhr_findings ignored = {0};
    if (!bytes.ptr)
        return NULL;
    dhr_ini_parse(&ini, DHR_RECORD_RECOMMENDATION, path, bytes, &ignored);
    const struct dhr_record *record = dhr_ini_record(&ini, arena, &ignored);
    dhr_ini_release(&ini);
    dhr_findings_release(&ignored);
    return record;
}

static const char *keep(struct authors *a, const char *text)
{
    return dhr_arena_dup(a->arena, text, strlen(text));
}

/* Before a rename the file was elsewhere. */
static const char *former_path(struct authors *a, const struct dhr_record *record)
{
    struct dhr_str id = dhr_section_value(dhr_record_section(record, DHR_SECTION_RECOMMENDATION),
                                          DHR_KEY_RECOMMENDATION_FORMERLY);
    return id.len ? dhr_arena_printf(a->arena, "reviews/%.*s.ini", DHR_ARG(id)) : NULL;
}

/* A dhr_state_fn. Who goes from open to verified at once has done both. */
static const char *see(void *user, const struct dhr_range_commit *commit, const char *path,
                       struct dhr_str before, struct dhr_str after)
{
    struct authors *a = user;
    const struct dhr_record *was = parse(before, path, a->arena);
    const struct dhr_record *is = parse(after, path, a->arena);
    int from = status_of(was, a->agency);
    int to = status_of(is, a->agency);
    const char *former = !was && is ? former_path(a, is) : NULL;
    if (former)
        return former;
    if (!a->verifier && to == VERIFIED && from != VERIFIED) {
        a->verifier = keep(a, commit->author);
        a->verifier_email = keep(a, commit->email);
        to = from < IMPLEMENTED ? IMPLEMENTED : to;
    }
    if (a->verifier && to == IMPLEMENTED && from != IMPLEMENTED) {
        a->declarer_email = keep(a, commit->email);
        return NULL;
    }
    return path;
}

/* "ada@example.org" or "*@example.org", in any case. */
static bool matches(struct dhr_str pattern, const char *email)
{
    size_t len = strlen(email);
    if (dhr_str_starts(pattern, "*@")) {
        size_t domain_len = pattern.len - 1;
        return len > domain_len &&
               strncasecmp(email + len - domain_len, pattern.ptr + 1, domain_len) == 0;
    }
    return pattern.len == len && strncasecmp(pattern.ptr, email, len) == 0;
}

/* True also where the settings name nobody. */
static bool speaks_for_csp(const struct dhr_record *settings, const char *email)
{
    const struct dhr_section *people =
        settings ? dhr_record_section(settings, DHR_SECTION_PEOPLE) : NULL;
    bool any = false;
    for (size_t i = 0; people && i < people->field_count; i++) {
        const struct dhr_field *field = &people->fields[i];
        if (!dhr_str_is(field->value, "csp"))
            continue;
        any = true;
        if (matches(field->name, email))
            return true;
    }
    return !any;
}

static void judge(const struct authors *a, const struct change_pair *pair,
                  const struct dhr_section *section, const struct dhr_record *settings)
{
    const struct dhr_field *field = dhr_section_next(section, DHR_KEY_ADDRESSEE_STATUS, NULL);
    if (!a->verifier || !a->verifier_email)
        return;
    if (a->declarer_email && a->verifier_email &&
        strcasecmp(a->declarer_email, a->verifier_email) == 0)
        dhr_findings_add(pair->findings, DHR_RULE_SAME_AUTHOR, pair->after->path, field->line,
                         field->col,
                         "%s declared it implemented and verified it, too; let somebody of the "
                         "partnership verify it",
                         a->verifier);
    if (!speaks_for_csp(settings, a->verifier_email))
        dhr_findings_add(pair->findings, DHR_RULE_NOT_CSP, pair->after->path, field->line,
                         field->col,
                         "%s verified it, whom [people] does not let speak for the partnership; "
                         "let somebody verify it who does",
                         a->verifier);
}

static int find_authors(struct authors *a, const struct dhr_range *range, int from,
                        const char *path, struct dhr_err *err)
{
    /* A merge takes over what others did, who are the authors of that. */
    for (size_t i = 0; i < range->merged_count && !a->verifier; i++) {
        if (dhr_range_walk_file(range->repo, range->merged[i], range->prefix, path, see, a, err) <
            0)
            return -1;
    }
    if (a->verifier)
        return 0;
    if (range->staged) {
        a->verifier = dhr_range_author_now(range->repo, a->arena, &a->verifier_email);
        if (a->verifier && from < IMPLEMENTED) {
            a->declarer_email = a->verifier_email;
            return 0;
        }
    }
    if (!range->head[0] || (range->staged && !a->verifier))
        return 0;
    return dhr_range_walk_file(range->repo, range->head, range->prefix, path, see, a, err);
}

int check_verified(const struct dhr_range *range, const struct change_pair *pair,
                   const struct dhr_record *base_settings, struct dhr_err *err)
{
    for (size_t i = 0; i < pair->after->section_count; i++) {
        const struct dhr_section *section = &pair->after->sections[i];
        struct authors authors = {.agency = section->agency, .arena = pair->arena};
        int from = status_of(pair->before, section->agency);
        if (section->def->id != DHR_SECTION_ADDRESSEE ||
            dhr_section_word(section, DHR_KEY_ADDRESSEE_STATUS) != VERIFIED || from == VERIFIED)
            continue;
        /* Staged, a file that was renamed has its history under its old name. */
        const char *path = range->staged ? pair->before->path : pair->after->path;
        if (find_authors(&authors, range, from, path, err) < 0)
            return -1;
        judge(&authors, pair, section, base_settings);
    }
    return 0;
}
