#pragma once

#include <cstdint>
#include <string>

namespace bulwark {

/// How a journal gets on with its disk.
enum class journal_state : uint8_t {
  /// What is appended becomes durable.
  working,

  /// Events wait, and nothing became durable for a second.
  behind,

  /// The disk refused to write. The journal tries again.
  failed,
};

std::string to_string(journal_state state);

} // namespace bulwark
