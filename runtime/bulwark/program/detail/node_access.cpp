#include <bulwark/http/client.hpp>
#include <bulwark/options/config_error.hpp>
#include <bulwark/program/detail/node_access.hpp>
#include <bulwark/text/detail/log_text.hpp>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <system_error>
#include <vector>

namespace fs = std::filesystem;
namespace po = boost::program_options;

namespace bulwark::program {

namespace {

using nlohmann::json;

constexpr const char* no_admin_file = "it holds no NAME.admin, which a node "
                                      "writes that is started with --admin and "
                                      "--data";

/// A file of a node's is much smaller.
constexpr size_t admin_file_max = 4096;

[[noreturn]] void refuse_access(const std::string& option,
                                const std::string& value,
                                const std::string& rule) {
  throw config_error{"--" + option + " is " + bulwark::quoted(value) + "; "
                     + rule};
}

std::vector<fs::path> admin_files(const std::string& folder) {
  std::error_code failure;
  std::vector<fs::path> result;
  for (const auto& each : fs::directory_iterator{folder, failure})
    if (each.path().extension() == ".admin")
      result.push_back(each.path());
  if (failure)
    refuse_access("data", folder, "it cannot be read: " + failure.message());
  return result;
}

fs::path admin_file(const po::variables_map& given) {
  auto folder = given["data"].as<std::string>();
  if (given.count("node") != 0)
    return fs::path{folder} / (given["node"].as<std::string>() + ".admin");
  auto all = admin_files(folder);
  if (all.empty())
    refuse_access("data", folder, no_admin_file);
  if (all.size() > 1)
    refuse_access("data", folder,
                  "it holds the files of " + std::to_string(all.size())
                    + " nodes; --node says which is meant");
  return all.front();
}

node_access read_admin_file(const fs::path& path) {
  std::ifstream file{path, std::ios::binary};
  if (!file)
    refuse_access("data", path.parent_path().string(),
                  path.filename().string()
                    + " cannot be read there: it is of "
                      "another user, or not there");
  std::string text(admin_file_max, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<size_t>(file.gcount()));
  auto from = json::parse(text, nullptr, false);
  auto where = from.is_object()
                 ? parse_host_port(from.value("admin", std::string{}))
                 : std::nullopt;
  if (!where)
    refuse_access("data", path.parent_path().string(),
                  path.filename().string() + " there is not a node's");
  return {*where, from.value("token", std::string{})};
}

http_reply talk_to(const node_access& whom, const char* method,
                   const std::string& path, const std::string& content) {
  http_fields fields;
  if (!content.empty())
    fields.emplace_back("Content-Type", "application/json");
  if (!whom.token.empty())
    fields.emplace_back("Authorization", "Bearer " + whom.token);
  try {
    http_client client{whom.where.host, whom.where.port};
    return client.request(method, path, content, whom.patience, fields);
  } catch (const http_error& e) {
    throw std::runtime_error{"no node is reached at " + to_string(whom.where)
                             + ": " + e.what()};
  }
}

node_reply exchange_with(const node_access& whom, const char* method,
                         const std::string& path, const std::string& content) {
  auto reply = talk_to(whom, method, path, content);
  node_reply result{reply.status, reply.body,
                    json::parse(reply.body, nullptr, false)};
  if (!result.body.is_object())
    throw std::runtime_error{"what answers at " + to_string(whom.where)
                             + " is no node"};
  return result;
}

node_reply good(const node_access& whom, node_reply result) {
  if (result.status < 300)
    return result;
  auto why = text_at(result.body, "error");
  if (result.status >= 500)
    throw std::runtime_error{"the node at " + to_string(whom.where)
                             + " does not answer that now: " + why};
  throw config_error{why};
}

} // namespace

void add_access_options(po::options_description& to) {
  to.add_options()("admin", po::value<std::string>()->value_name("HOST:PORT"),
                   "where the node is asked: its own --admin")(
    "data", po::value<std::string>()->value_name("DIR"),
    "the node's folder, which holds its address and the token that changes "
    "come with")("node", po::value<std::string>()->value_name("NAME"),
                 "which node of those that have a file in that folder")(
    "format",
    po::value<std::string>()->default_value("text")->value_name("FORMAT"),
    "text or json");
}

node_access named_node::find() const {
  auto result = read_admin_file(file);
  result.patience = patience;
  return result;
}

std::vector<named_node> find_nodes(const std::vector<std::string>& folders) {
  std::vector<named_node> result;
  for (const auto& folder : folders) {
    auto all = admin_files(folder);
    if (all.empty())
      refuse_access("data", folder, no_admin_file);
    for (auto& each : all)
      result.push_back({each.stem().string(), each});
  }
  std::sort(result.begin(), result.end(),
            [](const auto& a, const auto& b) { return a.name < b.name; });
  return result;
}

node_access find_node(const po::variables_map& given) {
  if (given.count("data") == 0 && given.count("admin") == 0)
    throw config_error{"which node? Give --data=DIR, the folder that it was "
                       "started with, or --admin=HOST:PORT"};
  node_access result;
  if (given.count("data") != 0)
    result = read_admin_file(admin_file(given));
  if (given.count("admin") == 0)
    return result;
  auto text = given["admin"].as<std::string>();
  auto where = parse_host_port(text);
  if (!where || where->port == 0)
    refuse_access("admin", text,
                  "it must be HOST:PORT, such as 127.0.0.1:7070");
  result.where = *where;
  return result;
}

bool wants_json(const po::variables_map& given) {
  auto format = given["format"].as<std::string>();
  if (format != "text" && format != "json")
    refuse_access("format", format, "it must be text or json");
  return format == "json";
}

node_reply ask_anyhow(const node_access& whom, const std::string& path) {
  return exchange_with(whom, "GET", path, "");
}

node_reply ask_node(const node_access& whom, const std::string& path) {
  return good(whom, ask_anyhow(whom, path));
}

std::string ask_text(const node_access& whom, const std::string& path) {
  auto reply = talk_to(whom, "GET", path, "");
  return good(whom, {reply.status, reply.body, json::object()}).text;
}

node_reply change_node(const node_access& whom, const std::string& word,
                       const json& order) {
  return good(
    whom, exchange_with(whom, "POST", "/api/control/" + word, order.dump()));
}

std::string text_at(const json& from, const char* key) {
  auto found = from.find(key);
  if (found == from.end() || !found->is_string())
    return "-";
  return one_line(found->get<std::string>());
}

std::string number_at(const json& from, const char* key) {
  auto found = from.find(key);
  return found == from.end() || !found->is_number() ? "-" : found->dump();
}

} // namespace bulwark::program
