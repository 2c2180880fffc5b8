#include <string.h>

#include "dhrledger/ident.h"
#include "dhrledger/message.h"
#include "rename_internal.h"

enum { NAMED = 3 };

/* The files that go: of a review those that are records, whatever else is in its folder. */
static void add_own(struct dhr_paths *own, const struct dhr_rename *plan,
                    const struct dhr_name *name)
{
    struct dhr_paths found = {0};
    dhr_paths_at(&found, plan, dhr_rename_place(plan, name->kind, name->id));
    for (size_t i = 0; i < found.count; i++) {
        enum dhr_record_kind kind = DHR_RECORD_SETTINGS;
        struct dhr_str id = {NULL, 0};
        if (dhr_ident_of_path(dhr_str_of(found.items[i]), &kind, &id))
            dhr_paths_add(own, found.items[i]);
    }
    dhr_paths_release(&found);
}

/* The id of a record's path; of the settings their path. */
static struct dhr_str id_of(const char *path)
{
    enum dhr_record_kind kind = DHR_RECORD_SETTINGS;
    struct dhr_str id = {NULL, 0};
    (void)dhr_ident_of_path(dhr_str_of(path), &kind, &id);
    return id.len ? id : dhr_str_of(path);
}

/* Refuse where a record that stays refers to this one; the first few are named. */
static int check_references(const struct dhr_rename *plan, const struct dhr_paths *own,
                            const struct dhr_name *name, struct dhr_err *err)
{
    struct dhr_paths referring = {0};
    struct dhr_buf names = {0};
    size_t count = 0;
    dhr_paths_referring(&referring, plan, (struct dhr_ref){name->kind, name->id});
    dhr_paths_sort(&referring);
    for (size_t i = 0; i < referring.count; i++) {
        if (dhr_paths_has(own, referring.items[i]))
            continue;
        if (count < NAMED)
            dhr_buf_addf(&names, "%s%.*s", count ? ", " : "", DHR_ARG(id_of(referring.items[i])));
        count++;
    }
    int rc = 0;
    if (count)
        rc = dhr_fail(err, DHR_FOUND,
                      "%.*s: %zu record%s to it (%s%s); nothing was removed, so correct %s first%s",
                      DHR_ARG(name->id), count, count == 1 ? " refers" : "s refer", names.ptr,
                      count > NAMED ? ", …" : "", count == 1 ? "that" : "those",
                      name->kind == DHR_RECORD_AGENCY
                          ? ", or merge it into another agency with \"dhrledger mv --merge\""
                          : "");
    dhr_buf_release(&names);
    dhr_paths_release(&referring);
    return rc;
}

static int remove_files(struct dhr_rename *plan, const struct dhr_paths *own, struct dhr_err *err)
{
    for (size_t i = 0; i < own->count; i++) {
        struct dhr_str bytes = {NULL, 0};
        if (plan->read(plan->user, own->items[i], plan->arena, &bytes, err) < 0)
            return -1;
        dhr_rename_add(plan, DHR_CHANGE_REMOVE, own->items[i], (struct dhr_str){NULL, 0});
        dhr_message_add_record(&plan->trailers, id_of(own->items[i]));
    }
    return 0;
}

int dhr_rename_remove(struct dhr_rename *plan, const struct dhr_name *names, size_t count,
                      struct dhr_err *err)
{
    struct dhr_paths own = {0};
    for (size_t i = 0; i < count; i++)
        add_own(&own, plan, &names[i]);
    dhr_paths_sort(&own);
    int rc = 0;
    for (size_t i = 0; rc == 0 && i < count; i++)
        rc = check_references(plan, &own, &names[i], err);
    if (rc == 0)
        rc = remove_files(plan, &own, err);
    if (count == 1)
        dhr_buf_addf(&plan->subject, "%.*s: removed", DHR_ARG(names[0].id));
    else
        dhr_buf_addf(&plan->subject, "%zu records: removed", own.count);
    if (count == 1 && own.count > 1)
        dhr_buf_addf(&plan->subject, ", with %zu recommendation%s", own.count - 1,
                     own.count == 2 ? "" : "s");
    dhr_paths_release(&own);
    return rc;
}
