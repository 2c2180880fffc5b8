#include "dhrledger/new_ledger.h"

#include <string.h>

#include "dhrledger/ini.h"
#include "new_ledger_internal.h"

/* Lines must end in LF on every system, or each checkout on another would change every file. */
static const char attributes_line[] = "*.ini text eol=lf";

static const char readme_text[] =
    "\n"
    "This is a ledger of domestic homicide reviews: what each review recommended,\n"
    "who holds it, how they answered, and what has come of it. It is kept with\n"
    "`dhrledger`, and can be read without it.\n"
    "\n"
    "| folder | holds |\n"
    "|---|---|\n"
    "| `reviews/` | a folder for each review, with a file for each recommendation |\n"
    "| `agencies/` | a file for each body that a recommendation is addressed to |\n"
    "| `.dhrledger.ini` | the ledger's settings |\n"
    "\n"
    "Where things stand:\n"
    "\n"
    "    dhrledger status\n"
    "    dhrledger overdue\n"
    "    dhrledger gaps\n"
    "\n"
    "Each change says why, and is one commit:\n"
    "\n"
    "    dhrledger new agency \"Exampleshire Police\" -m \"Named in the review\"\n"
    "    dhrledger set exampleshire-2019/4 status=in-progress -m \"March board\"\n"
    "    git push\n"
    "\n"
    "The files can be edited by hand, too. Before such a change is committed,\n"
    "`dhrledger check` says whether it is sound.\n"
    "\n"
    "What is committed stays in the history. Names of victims, perpetrators and\n"
    "relatives have no place here, nor have exact dates of birth or death. A lead\n"
    "is a role, not a person.\n";

static const char *const marks[DHR_NEW_FILES] = {".gitattributes", ".dhrledger.ini",
                                                 "README.md",      "agencies",
                                                 "reviews",        ".github/workflows/ledger.yml",
                                                 ".gitlab-ci.yml"};

const char *dhr_new_ledger_mark(enum dhr_new_file file)
{
    return marks[file];
}

static void add(struct dhr_new_ledger *plan, enum dhr_change_kind kind, const char *path,
                struct dhr_buf *bytes)
{
    struct dhr_str copy = {dhr_arena_dup(plan->arena, dhr_buf_cstr(bytes), bytes->len), bytes->len};
    dhr_buf_release(bytes);
    plan->changes[plan->count++] = (struct dhr_change){path, copy, kind};
}

static bool has_line(struct dhr_str text, const char *wanted)
{
    struct dhr_str line;
    while (dhr_str_line(&text, &line)) {
        if (dhr_str_is(dhr_str_trim(line), wanted))
            return true;
    }
    return false;
}

static void plan_attributes(struct dhr_new_ledger *plan)
{
    struct dhr_buf bytes = {0};
    bool there = plan->there[DHR_NEW_ATTRIBUTES];
    if (there && has_line(plan->attributes, attributes_line))
        return;
    dhr_buf_add_str(&bytes, there ? plan->attributes : (struct dhr_str){NULL, 0});
    if (bytes.len && bytes.ptr[bytes.len - 1] != '\n')
        dhr_buf_addc(&bytes, '\n');
    dhr_buf_addf(&bytes, "%s\n", attributes_line);
    add(plan, there ? DHR_CHANGE_EDIT : DHR_CHANGE_ADD, marks[DHR_NEW_ATTRIBUTES], &bytes);
}

static void plan_settings(struct dhr_new_ledger *plan)
{
    struct dhr_buf bytes = {0};
    const struct dhr_ini_pair name = {DHR_KEY_LEDGER_NAME, dhr_str_of(plan->name)};
    dhr_ini_add_section(&bytes, DHR_SECTION_LEDGER, (struct dhr_str){NULL, 0}, 0, &name, 1);
    add(plan, DHR_CHANGE_ADD, marks[DHR_NEW_SETTINGS], &bytes);
}

static void plan_readme(struct dhr_new_ledger *plan)
{
    struct dhr_buf bytes = {0};
    dhr_buf_addf(&bytes, "# %s\n%s", plan->name, readme_text);
    add(plan, DHR_CHANGE_ADD, marks[DHR_NEW_README], &bytes);
}

static void plan_folder(struct dhr_new_ledger *plan, const char *path)
{
    struct dhr_buf nothing = {0};
    add(plan, DHR_CHANGE_ADD, path, &nothing);
}

static void plan_ci(struct dhr_new_ledger *plan, enum dhr_new_file file, const char *text)
{
    struct dhr_buf bytes = {0};
    const char *release = strstr(text, "%s");
    dhr_buf_add(&bytes, text, (size_t)(release - text));
    dhr_buf_adds(&bytes, plan->version);
    dhr_buf_adds(&bytes, release + 2);
    add(plan, DHR_CHANGE_ADD, marks[file], &bytes);
}

enum dhr_forge dhr_forge_of(const char *address)
{
    const char *scheme = address ? strstr(address, "://") : NULL;
    const char *start = scheme ? scheme + 3 : address ? address : "";
    struct dhr_str name = dhr_str_span(start, strcspn(start, "/:"));
    const char *user = memchr(name.ptr, '@', name.len);
    struct dhr_buf text = {0};
    if (user)
        name = dhr_str_span(user + 1, name.len - (size_t)(user + 1 - name.ptr));
    dhr_buf_add_str(&text, name);
    enum dhr_forge forge = strstr(dhr_buf_cstr(&text), "github")   ? DHR_FORGE_GITHUB
                           : strstr(dhr_buf_cstr(&text), "gitlab") ? DHR_FORGE_GITLAB
                                                                   : DHR_FORGE_NONE;
    dhr_buf_release(&text);
    return forge;
}

void dhr_new_ledger_plan(struct dhr_new_ledger *plan)
{
    plan->count = 0;
    plan_attributes(plan);
    if (!plan->there[DHR_NEW_SETTINGS])
        plan_settings(plan);
    if (!plan->there[DHR_NEW_README])
        plan_readme(plan);
    if (!plan->there[DHR_NEW_AGENCIES])
        plan_folder(plan, "agencies/.gitkeep");
    if (!plan->there[DHR_NEW_REVIEWS])
        plan_folder(plan, "reviews/.gitkeep");
    if (plan->forge == DHR_FORGE_GITHUB && !plan->there[DHR_NEW_GITHUB])
        plan_ci(plan, DHR_NEW_GITHUB, new_ledger_github);
    if (plan->forge == DHR_FORGE_GITLAB && !plan->there[DHR_NEW_GITLAB])
        plan_ci(plan, DHR_NEW_GITLAB, new_ledger_gitlab);
}
