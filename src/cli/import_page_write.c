/* Where an import of pages goes: files, or one commit. */
#include <string.h>

#include "dhrledger/source.h"
#include "guard.h"
#include "import_page.h"

enum { MANY_FILES = 500 };

bool import_has_committed(const struct page_run *run, const char *path)
{
    return dhr_map_find(&run->committed, dhr_str_of(path), NULL);
}

int import_check_tip(struct page_run *run)
{
    struct cli *cli = run->cli;
    struct dhr_source *source = NULL;
    struct dhr_entry *entries = NULL;
    size_t count = 0;
    char tip[DHR_COMMIT_ID_SIZE];
    dhr_writer_tip(run->target.writer, tip);
    int rc = 0;
    if (*tip)
        rc = dhr_source_open_revision(&source, cli->repo, tip, cli->prefix, &cli->err);
    if (rc == 0 && source)
        rc = dhr_source_list(source, &cli->arena, &entries, &count, &cli->err);
    for (size_t i = 0; i < count; i++)
        (void)dhr_map_add(&run->committed, dhr_str_of(entries[i].path), 0);
    dhr_source_free(source);
    for (size_t i = 0; rc == 0 && i < run->import.relied_count; i++) {
        const char *path =
            dhr_arena_printf(&cli->arena, "agencies/%.*s.ini", DHR_ARG(run->import.relied_on[i]));
        if (!import_has_committed(run, path))
            rc = dhr_fail(&cli->err, DHR_CONFLICT,
                          "%s: isn't committed yet; run \"git add %s\" and \"git commit -m WHY "
                          "%s\", and try again",
                          path, path, path);
    }
    return rc;
}

/* "Import of durham-review.txt" */
static const char *reason(const struct page_run *run)
{
    const char *name = run->files[0].name;
    const char *slash = strrchr(name, '/');
    if (run->options->why)
        return run->options->why;
    if (run->count > 1)
        return dhr_arena_printf(&run->cli->arena, "Import of %zu pages", run->count);
    return dhr_arena_printf(&run->cli->arena, "Import of %s",
                            strcmp(name, "-") == 0 ? "a page"
                            : slash                ? slash + 1
                                                   : name);
}

static int commit(struct page_run *run)
{
    const struct dhr_import *import = &run->import;
    struct dhr_buf message = {0};
    struct dhr_change *changes =
        dhr_arena_alloc(&run->cli->arena, import->file_count * sizeof(*changes));
    for (size_t i = 0; i < import->file_count; i++)
        changes[i] = (struct dhr_change){
            .path = import->files[i].path, .bytes = import->files[i].bytes, .kind = DHR_CHANGE_ADD};
    dhr_import_add_message(&message, import, reason(run));
    int rc = cli_target_write(&run->target, changes, import->file_count, dhr_buf_cstr(&message));
    dhr_buf_release(&message);
    return rc;
}

/*
 * Personal data in the pages. What goes into the history must have none; files can still be
 * mended, so there it is only named.
 */
static int check_private(struct page_run *run)
{
    struct cli *cli = run->cli;
    const struct dhr_import *import = &run->import;
    struct dhr_findings findings = {0};
    int rc = cli_guard(cli);
    for (size_t i = 0; rc == 0 && i < import->file_count; i++) {
        const struct dhr_plan made = {.path = import->files[i].path,
                                      .after = import->files[i].bytes};
        rc = cli_check_plans(cli, &made, 1, &findings);
    }
    dhr_findings_regrade(&findings, cli->ledger.settings);
    dhr_findings_sort(&findings);
    cli_note_findings(cli, &findings);
    if (rc == 0 && run->options->commit && dhr_findings_of(&findings, DHR_SEVERITY_ERROR))
        rc = dhr_fail(&cli->err, DHR_FOUND,
                      "%s: personal data would go into the history, so nothing was written; import "
                      "without --commit and mend the records, or mend the page",
                      run->count == 1 ? run->files[0].name : "the pages");
    dhr_findings_release(&findings);
    return rc;
}

int import_write(struct page_run *run)
{
    if (check_private(run) < 0)
        return -1;

    const struct dhr_import *import = &run->import;
    if (import->file_count >= MANY_FILES && !run->options->dry)
        progress_show(&run->progress, "writing %zu files …", import->file_count);
    int rc = 0;
    if (run->options->commit)
        rc = commit(run);
    else if (!run->options->dry)
        rc = dhr_import_write(import, run->cli->root, &run->cli->err);
    progress_end(&run->progress);
    return rc;
}
