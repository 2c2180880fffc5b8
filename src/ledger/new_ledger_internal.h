/* The longer files of a new ledger, as formats that take the release, "0.1.0". */
#ifndef DHRLEDGER_NEW_LEDGER_INTERNAL_H
#define DHRLEDGER_NEW_LEDGER_INTERNAL_H

extern const char new_ledger_github[];
extern const char new_ledger_gitlab[];

#endif
