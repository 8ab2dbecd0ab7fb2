#pragma once

#include <bulwark/options/detail/file_origins.hpp>
#include <bulwark/options/node_options.hpp>

#include <boost/program_options/variables_map.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace bulwark::detail {

/// Reads the node's own options out of what was given, and complains in words
/// that say where it was given.
///
/// Confined to one thread.
class node_option_reader {
public:
  node_option_reader(const boost::program_options::variables_map& given,
                     const file_origins& origins)
    : given_(given), origins_(origins) {}

  /// @throws config_error
  [[nodiscard]] node_options read() const;

private:
  std::string text_of(const char* key) const;

  [[noreturn]] void refuse(const std::string& key, const std::string& value,
                           std::string_view rule) const;

  host_port address_of(const std::string& key, const std::string& value) const;

  duration length_of(const char* key) const;

  std::optional<journal_sync> journal_of() const;
  void read_addresses(node_options& result) const;
  void read_admin(node_options& result) const;
  void read_voters(node_options& result) const;
  void read_trust(node_options& result) const;
  void read_tls(tls_options& result) const;
  void read_bulkheads(node_options& result) const;
  void read_log(node_options& result) const;
  void read_alerts(node_options& result) const;
  void read_warnings(node_options& result) const;
  bool switch_of(const char* key) const;

  const boost::program_options::variables_map& given_;
  const file_origins& origins_;
};

} // namespace bulwark::detail
