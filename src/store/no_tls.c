/*
 * Reading no certificates. As it starts, a libgit2 that is built with mbedTLS, as Debian's is,
 * reads the system's whole bundle of them with this function, which takes longer than all else that
 * a small command does. No network is ever used here. A definition in the program comes before
 * that of a library, and libgit2 takes it that there is no bundle; where it is built with something
 * else, nobody calls this.
 */
#include "no_tls.h"

int mbedtls_x509_crt_parse_file(void *chain, const char *path)
{
    (void)chain;
    (void)path;
    return -1;
}
