/* What no_tls.c puts in the place of mbedTLS's function; never called by our own code. */
#ifndef DHRLEDGER_STORE_NO_TLS_H
#define DHRLEDGER_STORE_NO_TLS_H

int mbedtls_x509_crt_parse_file(void *chain, const char *path);

#endif
