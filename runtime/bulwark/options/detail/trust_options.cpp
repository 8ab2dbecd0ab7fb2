#include <bulwark/cluster/detail/name_pattern.hpp>
#include <bulwark/options/detail/node_option_reader.hpp>

#include <utility>
#include <vector>

namespace bulwark::detail {

namespace {

constexpr const char* exposed_rule =
  "without --tls-cert, --tls-key and --tls-ca it must be an address of this "
  "machine alone, such as 127.0.0.1; --insecure lets anybody in who reaches it";

} // namespace

void node_option_reader::read_trust(node_options& result) const {
  read_tls(result.tls);
  result.insecure = switch_of("insecure");
  auto linked = result.listen || !result.join.empty();
  if (result.tls.given() && !linked)
    refuse("tls-cert", text_of("tls-cert"),
           "it must come with --listen or --join");
  if (result.insecure && result.tls.given())
    refuse("insecure", "true", "it must not come with --tls-cert");
  if (result.listen && !result.tls.given() && !result.insecure
      && !is_loopback(result.listen->host))
    refuse("listen", text_of("listen"), exposed_rule);
  if (given_.count("allow-node") != 0)
    for (const auto& text :
         given_["allow-node"].as<std::vector<std::string>>()) {
      if (auto rule = check_name_pattern(text))
        refuse("allow-node", text, *rule);
      result.allow_nodes.push_back(text);
    }
}

void node_option_reader::read_tls(tls_options& result) const {
  const std::pair<const char*, std::filesystem::path*> all[] = {
    {"tls-cert", &result.certificate},
    {"tls-key", &result.key},
    {"tls-ca", &result.authority}};
  const char* given = nullptr;
  for (const auto& [key, path] : all)
    if (given_.count(key) != 0) {
      *path = text_of(key);
      given = key;
      if (path->empty())
        refuse(key, "", "it must be a file in PEM");
    }
  for (const auto& [key, path] : all)
    if (given != nullptr && path->empty())
      refuse(given, text_of(given), std::string{"it must come with --"} + key);
}

} // namespace bulwark::detail
