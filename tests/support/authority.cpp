#include "support/authority.hpp"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

#include <cstdio>
#include <stdexcept>
#include <utility>

namespace test {

namespace {

void check(bool right, const char* what) {
  if (!right)
    throw std::runtime_error{std::string{"cannot make a certificate: "} + what};
}

/// Replaces the file at once, as a tool that renews certificates does.
template <class Write>
void write_pem(const std::filesystem::path& file, Write write) {
  auto fresh = file;
  fresh += ".new";
  auto* out = std::fopen(fresh.c_str(), "w");
  check(out != nullptr, fresh.c_str());
  auto written = write(out);
  check(std::fclose(out) == 0 && written == 1, "write");
  std::filesystem::rename(fresh, file);
}

void add_extension(X509& to, X509& from, int which, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, &from, &to, nullptr, nullptr, 0);
  auto* made = X509V3_EXT_conf_nid(nullptr, &context, which, value.c_str());
  check(made != nullptr, value.c_str());
  check(X509_add_ext(&to, made, -1) == 1, "extension");
  X509_EXTENSION_free(made);
}

} // namespace

void authority::release::operator()(EVP_PKEY* what) const noexcept {
  EVP_PKEY_free(what);
}

void authority::release::operator()(X509* what) const noexcept {
  X509_free(what);
}

authority::authority(std::filesystem::path folder, const std::string& name)
  : folder_(std::move(folder)), name_(name), key_(EVP_EC_gen("P-256")) {
  check(key_ != nullptr, "key");
  constexpr std::chrono::hours life{24 * 3650};
  certificate_ = draft(name, *key_, -std::chrono::hours{24}, life);
  add_extension(*certificate_, *certificate_, NID_basic_constraints,
                "critical,CA:TRUE");
  check(X509_sign(certificate_.get(), key_.get(), EVP_sha256()) > 0, "sign");
  write_pem(folder_ / (name + ".crt"), [&](std::FILE* out) {
    return PEM_write_X509(out, certificate_.get());
  });
}

authority::~authority() = default;

bulwark::tls_options authority::issue(const std::string& node,
                                      const wish& what) const {
  key_ptr key{EVP_EC_gen("P-256")};
  check(key != nullptr, "key");
  auto made = draft(node, *key, what.begins, what.ends);
  std::string names;
  for (const auto& each : what.names)
    names += (names.empty() ? "DNS:" : ",DNS:") + each;
  add_extension(*made, *certificate_, NID_subject_alt_name,
                names.empty() ? "DNS:" + node : names);
  add_extension(*made, *certificate_, NID_ext_key_usage,
                "serverAuth,clientAuth");
  check(X509_sign(made.get(), key_.get(), EVP_sha256()) > 0, "sign");
  bulwark::tls_options result{folder_ / (node + ".crt"),
                              folder_ / (node + ".key"),
                              folder_ / (name_ + ".crt")};
  write_pem(result.key, [&](std::FILE* out) {
    return PEM_write_PrivateKey(out, key.get(), nullptr, nullptr, 0, nullptr,
                                nullptr);
  });
  write_pem(result.certificate,
            [&](std::FILE* out) { return PEM_write_X509(out, made.get()); });
  return result;
}

authority::certificate_ptr authority::draft(const std::string& name,
                                            EVP_PKEY& of,
                                            std::chrono::seconds begins,
                                            std::chrono::seconds ends) const {
  certificate_ptr result{X509_new()};
  check(result != nullptr, "certificate");
  X509_set_version(result.get(), X509_VERSION_3);
  uint64_t number = 0;
  check(RAND_bytes(reinterpret_cast<unsigned char*>(&number), sizeof number)
          == 1,
        "number");
  ASN1_INTEGER_set_uint64(X509_get_serialNumber(result.get()), number >> 1);
  X509_gmtime_adj(X509_getm_notBefore(result.get()), begins.count());
  X509_gmtime_adj(X509_getm_notAfter(result.get()), ends.count());
  X509_set_pubkey(result.get(), &of);
  auto call = [](X509_NAME* to, const std::string& text) {
    X509_NAME_add_entry_by_txt(
      to, "CN", MBSTRING_UTF8,
      reinterpret_cast<const unsigned char*>(text.c_str()), -1, -1, 0);
  };
  call(X509_get_subject_name(result.get()), name);
  call(X509_get_issuer_name(result.get()), name_);
  return result;
}

} // namespace test
