#include <bulwark/replication/log_entry.hpp>

#include <string_view>

namespace bulwark {

namespace {

/// FNV-1a with 64 bits. It finds what went wrong by chance, not by intent.
class entry_checksum {
public:
  void add(uint64_t value) noexcept {
    for (int shift = 0; shift < 64; shift += 8)
      byte(static_cast<unsigned char>(value >> shift));
  }

  /// With its length: what ends one field must not begin the next.
  void add(std::string_view text) noexcept {
    add(text.size());
    for (auto c : text)
      byte(static_cast<unsigned char>(c));
  }

  uint64_t value() const noexcept { return value_; }

private:
  void byte(unsigned char next) noexcept {
    value_ = (value_ ^ next) * 0x100000001b3;
  }

  uint64_t value_ = 0xcbf29ce484222325;
};

} // namespace

std::string to_string(entry_kind kind) {
  switch (kind) {
  case entry_kind::opening:
    return "opening";
  case entry_kind::change:
    return "change";
  case entry_kind::schema:
    return "schema";
  }
  return "entry_kind(" + std::to_string(static_cast<int>(kind)) + ")";
}

log_position position_of(const log_entry& entry) noexcept {
  entry_checksum sum;
  sum.add(entry.predecessor);
  sum.add(entry.epoch);
  sum.add(entry.sequence);
  sum.add(static_cast<uint64_t>(entry.kind));
  sum.add(entry.request);
  sum.add(entry.answer);
  sum.add(entry.content);
  return {entry.epoch, entry.sequence, sum.value()};
}

} // namespace bulwark
