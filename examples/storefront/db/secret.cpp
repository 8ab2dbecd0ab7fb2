#include "db/secret.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <openssl/sha.h>

#include <stdexcept>
#include <string_view>

namespace storefront {

namespace {

constexpr size_t salt_size = 16;
constexpr size_t token_size = 32;

unsigned char* bytes(std::string& text) {
  return reinterpret_cast<unsigned char*>(text.data());
}

const unsigned char* bytes(const std::string& text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

std::string random_bytes(size_t size) {
  std::string result(size, '\0');
  if (RAND_bytes(bytes(result), static_cast<int>(size)) != 1)
    throw std::runtime_error("no random bytes");
  return result;
}

std::string derive(const std::string& password, const std::string& salt,
                   int iterations) {
  std::string result(SHA256_DIGEST_LENGTH, '\0');
  if (PKCS5_PBKDF2_HMAC(password.data(), static_cast<int>(password.size()),
                        bytes(salt), static_cast<int>(salt.size()), iterations,
                        EVP_sha256(), static_cast<int>(result.size()),
                        bytes(result))
      != 1)
    throw std::runtime_error("PBKDF2 failed");
  return result;
}

std::string hexadecimal(const std::string& raw) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string result;
  for (unsigned char each : raw) {
    result += digits[each >> 4];
    result += digits[each & 15];
  }
  return result;
}

} // namespace

password_hash hash_password(const std::string& password, int iterations) {
  auto salt = random_bytes(salt_size);
  return {salt, derive(password, salt, iterations), iterations};
}

bool matches(const std::string& password, const password_hash& stored) {
  auto given = derive(password, stored.salt, stored.iterations);
  return given.size() == stored.digest.size()
         && CRYPTO_memcmp(given.data(), stored.digest.data(), given.size())
              == 0;
}

std::string random_token() {
  return hexadecimal(random_bytes(token_size));
}

std::string digest(const std::string& text) {
  std::string raw(SHA256_DIGEST_LENGTH, '\0');
  SHA256(bytes(text), text.size(), bytes(raw));
  return hexadecimal(raw);
}

} // namespace storefront
