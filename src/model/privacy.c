#include <stdint.h>
#include <string.h>

#include "privacy_internal.h"

enum { BLOCK = 32 };

/* Every piece but a name has a digit or an '@'. */
static bool is_trigger(char c)
{
    return (unsigned char)(c - '0') < 10 || c == '@';
}

/* The next trigger, or the end. Whole blocks without one are skipped: a compiler makes that fast.
 */
static size_t next_trigger(struct dhr_str text, size_t at)
{
    while (at + BLOCK <= text.len) {
        const char *p = text.ptr + at;
        unsigned char hit = 0;
        for (size_t i = 0; i < BLOCK; i++)
            hit |= (unsigned char)(((unsigned char)(p[i] - '0') < 10) | (p[i] == '@'));
        if (hit)
            break;
        at += BLOCK;
    }
    while (at < text.len && !is_trigger(text.ptr[at]))
        at++;
    return at;
}

/* The rules for what begins with a digit, in the order in which they are asked. */
static bool find_number(const scan_t *t, size_t at, struct dhr_private *found)
{
    static bool (*const rules[])(const scan_t *, size_t, struct dhr_private *) = {
        find_phone, find_nhs_number, find_ni_number, find_postcode, find_life_date};
    for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
        if (rules[i](t, at, found) && found->at >= t->done)
            return !scan_in_url(t, at);
    }
    return false;
}

bool dhr_privacy_next(struct dhr_privacy_scan *scan, struct dhr_private *found)
{
    for (;;) {
        size_t at = next_trigger(scan->text, scan->at);
        if (at >= scan->text.len)
            break;
        bool address = scan->text.ptr[at] == '@';
        scan->at = address ? at + 1 : scan_digits(scan, at);
        if (!(address ? find_address(scan, at, found) : find_number(scan, at, found)))
            continue;
        size_t end = found->at + found->len;
        scan->done = end;
        scan->at = end > scan->at ? end : scan->at;
        return true;
    }
    scan->at = scan->text.len;
    return scan->guard && find_name(scan, found);
}

const char *dhr_privacy_name(enum dhr_rule rule)
{
    switch (rule) {
    case DHR_RULE_BIRTH_OR_DEATH_DATE:
        return "an exact date of birth or death";
    case DHR_RULE_NHS_NUMBER:
        return "an NHS number";
    case DHR_RULE_NI_NUMBER:
        return "a National Insurance number";
    case DHR_RULE_POSTCODE:
        return "a postcode";
    case DHR_RULE_PHONE:
        return "a phone number";
    case DHR_RULE_PERSONAL_EMAIL:
        return "a personal e-mail address";
    default:
        return "a name from the deny-list";
    }
}
