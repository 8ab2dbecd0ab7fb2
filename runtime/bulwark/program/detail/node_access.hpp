#pragma once

#include <bulwark/options/host_port.hpp>
#include <bulwark/time/time.hpp>

#include <boost/program_options/options_description.hpp>
#include <boost/program_options/variables_map.hpp>
#include <nlohmann/json.hpp>

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

namespace bulwark::program {

/// Where a node is asked, and what it is told so that it takes changes.
///
/// Immutable after construction.
struct node_access {
  host_port where;

  /// Empty: only questions are answered.
  std::string token = {};

  /// A node answers within 2 s, be it by 202 or 503.
  duration patience = std::chrono::seconds{5};
};

/// A node whose file is in a folder.
///
/// Immutable after construction.
struct named_node {
  std::string name;
  std::filesystem::path file;
  duration patience = node_access{}.patience;

  /// Reads the file anew: each start of the node writes another one.
  /// @throws config_error if it cannot be read
  node_access find() const;
};

/// What a node has said.
struct node_reply {
  int status = 0;

  /// As it came, and what it says. Null where that is no JSON.
  std::string text = {};
  nlohmann::json body = {};
};

/// Adds `--admin`, `--data`, `--node` and `--format`.
void add_access_options(boost::program_options::options_description& to);

/// Returns which node is meant: that of `--admin`, or the one whose file is in
/// `--data`, which has its address and its token.
/// @throws config_error for anything but one node
node_access find_node(const boost::program_options::variables_map& given);

/// Returns all nodes that have a file in these folders, by name.
/// @throws config_error where a folder has none
std::vector<named_node> find_nodes(const std::vector<std::string>& folders);

/// Whether `--format` is json.
/// @throws config_error for anything but text or json
bool wants_json(const boost::program_options::variables_map& given);

/// Asks a node for what is at `path`.
/// @throws std::runtime_error if nobody answers, or what answers is no node;
/// config_error if it refuses
node_reply ask_node(const node_access& whom, const std::string& path);

/// The same, whatever the status of the answer.
/// @throws std::runtime_error if nobody answers, or what answers is no node
node_reply ask_anyhow(const node_access& whom, const std::string& path);

/// Returns what is at `path`, be it JSON or not.
/// @throws as `ask_node`
std::string ask_text(const node_access& whom, const std::string& path);

/// Has a node changed by `word` (control_order.hpp).
/// @throws as `ask_node`
node_reply change_node(const node_access& whom, const std::string& word,
                       const nlohmann::json& order);

/// Returns a text out of an answer, on one line; "-" where it is not there.
std::string text_at(const nlohmann::json& from, const char* key);

/// Returns a number as text; "-" where it is not there.
std::string number_at(const nlohmann::json& from, const char* key);

} // namespace bulwark::program
