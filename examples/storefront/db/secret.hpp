#pragma once

#include <cstdint>
#include <string>

namespace storefront {

/// A password as it is stored: PBKDF2 with HMAC-SHA-256 over a salt of its
/// own. Salt and digest are raw bytes.
///
/// Immutable after construction.
struct password_hash {
  std::string salt;
  std::string digest;
  int iterations = 0;
};

/// About 35 ms of one core: a compromise for a demonstration.
inline constexpr int password_iterations = 100'000;

password_hash hash_password(const std::string& password,
                            int iterations = password_iterations);

/// Compares in constant time.
bool matches(const std::string& password, const password_hash& stored);

/// Returns 32 random bytes as 64 hexadecimal digits.
std::string random_token();

/// Returns the SHA-256 of `text` in hexadecimal digits.
std::string digest(const std::string& text);

} // namespace storefront
