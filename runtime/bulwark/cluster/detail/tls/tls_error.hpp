#pragma once

#include <string>

typedef struct ssl_st SSL; // NOLINT(modernize-use-using): as OpenSSL has it

namespace bulwark::detail {

/// Takes what OpenSSL says of this thread's last failure, in words; "" if it
/// says nothing.
std::string take_tls_error();

/// Returns why a connection failed, as a person wants to know it: what is wrong
/// with the other side's certificate, or what the other side says is wrong
/// with this one's.
std::string why_tls_failed(const SSL* of);

} // namespace bulwark::detail
