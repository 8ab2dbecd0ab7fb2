#pragma once

#include "runtime/admin/admin_fixture.hpp"
#include "support/temp_folder.hpp"

#include <nlohmann/json.hpp>

#include <fstream>
#include <sstream>
#include <string>

namespace bulwark::test {

inline std::string text_in(const std::filesystem::path& path) {
  std::ifstream file{path};
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

/// A node with a folder, and so with a token, whose bulkhead and replicas can
/// be changed.
///
/// Confined to one thread.
struct steered_node {
  ::test::temp_folder folder;
  admin_node node;

  explicit steered_node(size_t replicas = 2)
    : node(
      {"--name=alpha", "--journal=off", "--data=" + folder.path().string()}) {
    node.it.bulkhead("api", {.capacity = 10});
    node.it.service("echo", positive_echo).replicas(replicas).bulkhead("api");
    node.it.service("guarded", positive_echo).breaker();
    node.core.start();
    if (!node.becomes_ready())
      throw std::runtime_error{"the node does not become ready"};
  }

  nlohmann::json file() const {
    return nlohmann::json::parse(text_in(folder.path() / "alpha.admin"));
  }

  http_reply post(const std::string& word, const std::string& body,
                  http_fields fields) const {
    http_client client{"127.0.0.1", node.port()};
    return client.request("POST", "/api/control/" + word, body, patience,
                          fields);
  }

  /// With the token.
  http_reply post(const std::string& word, const nlohmann::json& order) const {
    return post(
      word, order.dump(),
      {{"Authorization", "Bearer " + file().at("token").get<std::string>()},
       {"Content-Type", "application/json"}});
  }

  nlohmann::json get(const std::string& path) const {
    return nlohmann::json::parse(node.get(path).body);
  }

  std::string value(const std::string& field) const {
    auto all = get("/api/settings").at("settings");
    for (const auto& each : all)
      if (each.at("field") == field)
        return each.at("value").get<std::string>();
    return "";
  }

  /// The events `change_applied` that the node has told.
  std::vector<nlohmann::json> changes_told() const {
    std::vector<nlohmann::json> result;
    auto all = get("/api/events?max=1000").at("events");
    for (const auto& each : all)
      if (each.at("event") == "change_applied")
        result.push_back(each);
    return result;
  }
};

} // namespace bulwark::test
