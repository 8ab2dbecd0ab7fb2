#include <bulwark/cluster/detail/tls/tls_context.hpp>
#include <bulwark/cluster/detail/tls/tls_error.hpp>

#include <openssl/asn1.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <ctime>
#include <filesystem>
#include <system_error>

namespace bulwark::detail {

namespace {

// Between a certificate and the authority stand no more than this, and a peer
// may send no more bytes of them.
constexpr int chain_max = 4;
constexpr long chain_bytes_max = 32 * 1024;

/// A record of TLS has 16 KiB; several are read at once.
constexpr size_t tls_read_size = size_t{64} * 1024;

/// The fastest first; all of TLS 1.3 are good.
constexpr const char* ciphers = "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:"
                                "TLS_CHACHA20_POLY1305_SHA256";

SSL_CTX* make_context() {
  auto* result = SSL_CTX_new(TLS_method());
  if (result == nullptr)
    return nullptr;
  SSL_CTX_set_min_proto_version(result, TLS1_3_VERSION);
  SSL_CTX_set_ciphersuites(result, ciphers);
  // An end without a goodbye is as good as one with it: frames have lengths.
  SSL_CTX_set_options(result, SSL_OP_NO_TICKET | SSL_OP_IGNORE_UNEXPECTED_EOF);
  SSL_CTX_set_num_tickets(result, 0);
  SSL_CTX_set_session_cache_mode(result, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_mode(result, SSL_MODE_ENABLE_PARTIAL_WRITE
                             | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER
                             | SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_read_ahead(result, 1);
  SSL_CTX_set_default_read_buffer_len(result, tls_read_size);
  SSL_CTX_set_max_cert_list(result, chain_bytes_max);
  SSL_CTX_set_verify(result, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT,
                     nullptr);
  SSL_CTX_set_verify_depth(result, chain_max);
  return result;
}

std::string fault_of(const std::filesystem::path& file,
                     const std::string& why) {
  return file.string() + ": " + why;
}

/// Returns what is wrong, or "".
std::string look_at_file(const std::filesystem::path& file) {
  std::error_code failed;
  auto size = std::filesystem::file_size(file, failed);
  if (failed)
    return fault_of(file, failed.message());
  if (size > tls_context::file_max)
    return fault_of(file, "it has more than "
                            + std::to_string(tls_context::file_max) + " bytes");
  return {};
}

wall_time end_of(const X509* certificate) {
  std::tm at{};
  ASN1_TIME_to_tm(X509_get0_notAfter(certificate), &at);
  return wall_time{std::chrono::seconds{::timegm(&at)}};
}

/// Asks the authorities of `context` about its own certificate.
std::string ask_authority(SSL_CTX* context, const char* use) {
  struct release {
    void operator()(X509_STORE_CTX* what) const { X509_STORE_CTX_free(what); }
  };
  std::unique_ptr<X509_STORE_CTX, release> question{X509_STORE_CTX_new()};
  STACK_OF(X509)* between = nullptr;
  SSL_CTX_get0_chain_certs(context, &between);
  if (!question
      || X509_STORE_CTX_init(question.get(), SSL_CTX_get_cert_store(context),
                             SSL_CTX_get0_certificate(context), between)
           != 1
      || X509_STORE_CTX_set_default(question.get(), use) != 1)
    return "it cannot be checked";
  if (X509_verify_cert(question.get()) != 1)
    return X509_verify_cert_error_string(
      X509_STORE_CTX_get_error(question.get()));
  return {};
}

} // namespace

void tls_context::release::operator()(SSL_CTX* what) const noexcept {
  SSL_CTX_free(what);
}

std::vector<std::string> names_in(const X509* certificate) {
  std::vector<std::string> result;
  auto* names = static_cast<GENERAL_NAMES*>(
    X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr));
  if (names == nullptr)
    return result;
  for (int i = 0; i < sk_GENERAL_NAME_num(names); ++i) {
    const auto* each = sk_GENERAL_NAME_value(names, i);
    if (each->type == GEN_DNS)
      // With its length: a zero within it ends no name.
      result.emplace_back(
        reinterpret_cast<const char*>(ASN1_STRING_get0_data(each->d.dNSName)),
        static_cast<size_t>(ASN1_STRING_length(each->d.dNSName)));
  }
  GENERAL_NAMES_free(names);
  return result;
}

std::shared_ptr<const tls_context> tls_context::load(const tls_options& files,
                                                     const std::string& node,
                                                     std::string& failure) {
  ERR_clear_error();
  auto* made = make_context();
  if (made == nullptr) {
    failure = "TLS cannot be used: " + take_tls_error();
    return nullptr;
  }
  std::shared_ptr<tls_context> result{new tls_context{made}};
  failure = result->read(files, node);
  ERR_clear_error();
  return failure.empty() ? result : nullptr;
}

std::string tls_context::read(const tls_options& files,
                              const std::string& node) {
  for (const auto& each : {files.certificate, files.key, files.authority})
    if (auto fault = look_at_file(each); !fault.empty())
      return fault;
  auto* context = context_.get();
  if (SSL_CTX_use_certificate_chain_file(context, files.certificate.c_str())
      != 1)
    return fault_of(files.certificate,
                    "it is no certificate in PEM: " + take_tls_error());
  if (SSL_CTX_use_PrivateKey_file(context, files.key.c_str(), SSL_FILETYPE_PEM)
      != 1)
    return fault_of(files.key,
                    "it is not the key of the certificate, in PEM and without "
                    "a password: "
                      + take_tls_error());
  if (SSL_CTX_load_verify_file(context, files.authority.c_str()) != 1)
    return fault_of(files.authority,
                    "it holds no certificates in PEM: " + take_tls_error());
  // Nodes accept and dial.
  for (const auto* use : {"ssl_server", "ssl_client"})
    if (auto why = ask_authority(context, use); !why.empty())
      return fault_of(files.certificate,
                      "it is not accepted by the authority in "
                        + files.authority.string() + ": " + why);
  const auto* own = SSL_CTX_get0_certificate(context);
  auto names = names_in(own);
  if (std::find(names.begin(), names.end(), node) == names.end())
    return fault_of(files.certificate,
                    "the node's name, " + node
                      + ", is none of its names; it must be an entry DNS of "
                        "its subjectAltName");
  ends_ = end_of(own);
  STACK_OF(X509)* between = nullptr;
  SSL_CTX_get0_chain_certs(context, &between);
  for (int i = 0; i < sk_X509_num(between); ++i)
    ends_ = std::min(ends_, end_of(sk_X509_value(between, i)));
  return {};
}

} // namespace bulwark::detail
