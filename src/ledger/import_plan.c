#include "import_internal.h"

int csv_read_plan(struct csv_work *w)
{
    return dhr_fail(w->err, DHR_FOUND, "%s: not the ledger's own CSV", w->options->name);
}
