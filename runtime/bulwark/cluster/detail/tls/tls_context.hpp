#pragma once

#include <bulwark/options/tls_options.hpp>
#include <bulwark/time/time.hpp>

#include <memory>
#include <string>
#include <vector>

typedef struct ssl_ctx_st SSL_CTX; // NOLINT(modernize-use-using)
typedef struct x509_st X509;       // NOLINT(modernize-use-using)

namespace bulwark::detail {

/// What a node proves itself with, read from its files and checked: key and
/// certificate belong together, the authority vouches for it now, and the
/// node's name stands in it.
///
/// Immutable after construction.
class tls_context {
public:
  /// Returns it, or null and in `failure` what is wrong with which file.
  static std::shared_ptr<const tls_context>
  load(const tls_options& files, const std::string& node, std::string& failure);

  SSL_CTX* get() const noexcept { return context_.get(); }

  /// When the certificate ends: the first one, of it and those after it in
  /// its file.
  wall_time ends() const noexcept { return ends_; }

  /// Most bytes of one file.
  static constexpr size_t file_max = size_t{1024} * 1024;

private:
  struct release {
    void operator()(SSL_CTX* what) const noexcept;
  };

  explicit tls_context(SSL_CTX* made) : context_(made) {}

  /// Returns what is wrong, or "".
  std::string read(const tls_options& files, const std::string& node);

  std::unique_ptr<SSL_CTX, release> context_;
  wall_time ends_{};
};

/// Returns the names that a certificate is for: the entries `DNS` of its
/// subjectAltName.
std::vector<std::string> names_in(const X509* certificate);

} // namespace bulwark::detail
