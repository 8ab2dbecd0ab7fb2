#pragma once

#include <bulwark/options/tls_options.hpp>

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

typedef struct evp_pkey_st EVP_PKEY; // NOLINT(modernize-use-using)
typedef struct x509_st X509;         // NOLINT(modernize-use-using)

namespace test {

/// An authority that makes certificates for nodes, as `scripts/make-certs`
/// does, and others that no authority would make.
///
/// Confined to one thread.
class authority {
public:
  /// Writes its own certificate to `FOLDER/NAME.crt`.
  explicit authority(std::filesystem::path folder,
                     const std::string& name = "ca");
  ~authority();

  struct wish {
    /// The names in it; `node`, if it is left out.
    std::vector<std::string> names = {};

    /// When it begins and ends, from now.
    std::chrono::seconds begins{-std::chrono::hours{1}};
    std::chrono::seconds ends{std::chrono::hours{24 * 365}};
  };

  /// Makes key and certificate of a node, in `FOLDER/NODE.key` and `.crt`. One
  /// that is there is replaced.
  bulwark::tls_options issue(const std::string& node, const wish& what) const;
  bulwark::tls_options issue(const std::string& node) const {
    return issue(node, {});
  }

private:
  struct release {
    void operator()(EVP_PKEY* what) const noexcept;
    void operator()(X509* what) const noexcept;
  };
  using key_ptr = std::unique_ptr<EVP_PKEY, release>;
  using certificate_ptr = std::unique_ptr<X509, release>;

  certificate_ptr draft(const std::string& name, EVP_PKEY& of,
                        std::chrono::seconds begins,
                        std::chrono::seconds ends) const;

  std::filesystem::path folder_;
  std::string name_;
  key_ptr key_;
  certificate_ptr certificate_;
};

} // namespace test
