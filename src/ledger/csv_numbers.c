#include "csv_internal.h"

enum { MOST_DIGITS = 40, MOST_EXPONENT = 9999 };

/* A decimal number, exactly: 0.DIGITS times ten to the power of `exponent`. */
struct number {
    bool negative;
    char digits[MOST_DIGITS];
    size_t count;
    long exponent;
};

static bool is_digit(struct dhr_str text, size_t at)
{
    return at < text.len && text.ptr[at] >= '0' && text.ptr[at] <= '9';
}

/* "E+05" at the end. */
static bool read_exponent(struct dhr_str text, size_t at, struct number *n)
{
    long exponent = 0;
    bool negative = at < text.len && text.ptr[at] == '-';
    if (at < text.len && (text.ptr[at] == '-' || text.ptr[at] == '+'))
        at++;
    if (!is_digit(text, at))
        return false;
    for (; is_digit(text, at); at++) {
        exponent = exponent * 10 + (text.ptr[at] - '0');
        if (exponent > MOST_EXPONENT)
            return false;
    }
    n->exponent += negative ? -exponent : exponent;
    return at == text.len;
}

/* A zero counts only between other digits; those behind the point move it. */
static bool add_digit(struct number *n, char digit, bool point)
{
    if (n->count || digit != '0') {
        if (n->count == MOST_DIGITS)
            return false;
        n->digits[n->count++] = digit;
        n->exponent += !point;
    } else if (point) {
        n->exponent--;
    }
    return true;
}

static bool read_number(struct dhr_str text, struct number *n)
{
    size_t at = 0;
    bool point = false;
    bool any = false;
    *n = (struct number){.negative = text.len && text.ptr[0] == '-'};
    if (text.len && (text.ptr[0] == '-' || text.ptr[0] == '+'))
        at++;
    for (; at < text.len; at++) {
        char c = text.ptr[at];
        bool group = c == ',' && any && !point && is_digit(text, at + 1) &&
                     is_digit(text, at + 2) && is_digit(text, at + 3) && !is_digit(text, at + 4);
        if (any && (c == 'e' || c == 'E')) {
            if (!read_exponent(text, at + 1, n))
                return false;
            break;
        }
        if (c == '.' && !point) {
            point = true;
        } else if (is_digit(text, at)) {
            any = true;
            if (!add_digit(n, c, point))
                return false;
        } else if (!group) {
            return false;
        }
    }
    while (n->count && n->digits[n->count - 1] == '0')
        n->count--;
    if (!n->count) {
        n->exponent = 0;
        n->negative = false;
    }
    return any;
}

bool csv_is_same_number(struct dhr_str a, struct dhr_str b)
{
    struct number x;
    struct number y;
    return read_number(a, &x) && read_number(b, &y) && x.negative == y.negative &&
           x.exponent == y.exponent &&
           dhr_str_eq(dhr_str_span(x.digits, x.count), dhr_str_span(y.digits, y.count));
}
