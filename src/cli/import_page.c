#include "import_page.h"

#include <string.h>

#include "guard.h"
#include "import_split.h"

const char *import_plural(size_t count)
{
    return count == 1 ? "" : "s";
}

/* Where one file is the whole run, its sentence says what became of it. */
static const char *ending(const struct page_run *run)
{
    return run->count > 1 ? "" : "; nothing was written";
}

static int fail_unplaced(const struct page_run *run, struct page_file *file)
{
    size_t count = file->page.unplaced_count;
    const char *held =
        run->count > 1 ? "" : "; nothing was written, and --partial writes the others";
    return dhr_fail(&file->err, DHR_FOUND,
                    "%s: %zu row%s can't be placed; in the page, write %s as \"| number | text | "
                    "agency |\"%s",
                    file->name, count, import_plural(count), count == 1 ? "it" : "each",
                    run->options->partial ? "" : held);
}

static int plan_page(struct page_run *run, struct page_file *file, struct dhr_str bytes)
{
    struct dhr_err why = {0};
    if (run->count > 1 && import_is_csv(file->name, bytes))
        return dhr_fail(&file->err, DHR_USAGE,
                        "%s: is a CSV; import each CSV by itself, and pages together", file->name);
    if (dhr_page_check(file->name, bytes, &file->err) < 0)
        return -1;
    dhr_page_parse(&file->page, bytes, &run->cli->arena);
    if (import_split_page(run->cli, file->name, &file->page, run->options->agencies,
                          dhr_import_agencies(&run->import), &file->err) < 0) {
        file->page = (struct dhr_page){0}; /* its lines don't matter then */
        return -1;
    }
    if (file->page.unplaced_count && !run->options->partial)
        return fail_unplaced(run, file);
    if (dhr_import_page(&run->import, &file->page, run->options->as, &file->result, &why) < 0)
        return dhr_fail(&file->err, why.status, "%s: %s%s", file->name, why.text, ending(run));
    file->planned = true;
    if (file->result.outcome == DHR_IMPORT_CHANGED)
        return dhr_fail(&file->err, DHR_FOUND,
                        "%s: is the page of reviews/%.*s with %zu change%s%s; take them over by "
                        "hand, or give it an id of its own with --as ID",
                        file->name, DHR_ARG(file->result.review), file->result.change_count,
                        import_plural(file->result.change_count), ending(run));
    if (file->page.unplaced_count) /* the others are written, and the status is 1 */
        (void)fail_unplaced(run, file);
    return 0;
}

static void plan_all(struct page_run *run, const struct dhr_str *first)
{
    for (size_t i = 0; i < run->count; i++) {
        struct page_file *file = &run->files[i];
        struct dhr_str bytes = first ? *first : (struct dhr_str){NULL, 0};
        progress_show(&run->progress, "reading %zu of %zu …", i + 1, run->count);
        int rc = first ? 0 : import_read(run->cli, file->name, &bytes, &file->err);
        if (rc == 0)
            rc = plan_page(run, file, bytes);
        run->left_out += rc < 0;
    }
    dhr_import_finish(&run->import);
    progress_end(&run->progress);
}

/* The sentence and status of a run in which not every file was imported whole. */
static int conclude(struct page_run *run)
{
    enum dhr_status worst = DHR_OK;
    size_t faults = 0;
    for (size_t i = 0; i < run->count; i++) {
        if (run->files[i].err.status > worst)
            worst = run->files[i].err.status;
        faults += run->files[i].err.status != DHR_OK;
    }
    if (!faults)
        return 0;
    if (run->count == 1) {
        run->cli->err = run->files[0].err;
        return -1;
    }
    if (!run->options->partial)
        return dhr_fail(&run->cli->err, worst,
                        "%zu of %zu files can't be imported; nothing was written, and --partial "
                        "writes the others",
                        faults, run->count);
    return dhr_fail(&run->cli->err, DHR_FOUND, "%zu of %zu files can't be imported, or not whole",
                    faults, run->count);
}

static int run_pages(struct page_run *run, const struct dhr_str *first)
{
    const struct import_options *o = run->options;
    if ((o->why && cli_check_reason(run->cli, o->why) < 0) || cli_guard(run->cli) < 0 ||
        import_open_target(run->cli, &run->target, o) < 0)
        return -1;
    run->target.dry = o->dry;
    progress_begin(&run->progress);
    dhr_import_begin(&run->import, &run->cli->ledger, &run->cli->arena);
    plan_all(run, first);
    bool wanted = run->import.file_count && (!run->left_out || o->partial);
    if ((o->commit && import_check_tip(run) < 0) || (wanted && import_write(run) < 0))
        return -1;
    import_print(run, wanted && !o->dry);
    if (wanted && !o->dry && !o->commit)
        import_print_hint(run);
    return conclude(run);
}

int import_pages(struct cli *cli, char *const *names, size_t count, const struct dhr_str *first,
                 const struct import_options *options)
{
    struct page_run run = {.cli = cli, .options = options, .count = count};
    run.files = dhr_arena_zalloc(&cli->arena, count * sizeof(*run.files));
    for (size_t i = 0; i < count; i++)
        run.files[i].name = names[i];
    int rc = run_pages(&run, first);
    for (size_t i = 0; i < count; i++)
        dhr_import_result_release(&run.files[i].result);
    dhr_import_release(&run.import);
    dhr_map_release(&run.committed);
    cli_target_close(&run.target);
    return rc < 0 ? cli_fail(cli) : DHR_OK;
}
