#pragma once

#include <bulwark/program/detail/node_access.hpp>

#include <functional>
#include <string>
#include <string_view>

namespace bulwark::program {

/// Reads server-sent events line by line, out of bytes that come in any pieces.
///
/// Confined to one thread.
class sent_events {
public:
  /// Gets the data of each event.
  explicit sent_events(std::function<void(const std::string&)> told)
    : told_(std::move(told)) {}

  void read(std::string_view bytes);

  /// The id of the last event that was told.
  const std::string& last() const noexcept { return last_; }

  /// Longer lines end the stream: no node sends them.
  static constexpr size_t line_max = 1024 * 1024;

private:
  void take(std::string_view line);

  std::function<void(const std::string&)> told_;
  std::string line_;
  std::string id_;
  std::string event_;
  std::string data_;
  std::string last_;
};

/// Prints the events of a node as they come, until the output is closed. Where
/// the node is lost it is asked again every second, for what came after the
/// last event. `find` returns where it is, which may change with each start.
/// @throws std::runtime_error if the node is not reached the first time
void follow_node(const std::function<node_access()>& find,
                 const std::string& format);

} // namespace bulwark::program
