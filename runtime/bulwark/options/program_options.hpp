#pragma once

#include <bulwark/options/host_port.hpp>
#include <bulwark/time/time.hpp>

#include <any>
#include <concepts>
#include <cstdint>
#include <string>
#include <typeindex>
#include <utility>
#include <vector>

namespace bulwark {

/// What an option of a program can be: `duration` is written as `250ms`,
/// `host_port` as `127.0.0.1:8080`, a list by giving the option several times.
template <class T>
concept option_type = std::same_as<T, bool> || std::same_as<T, int32_t> || std::
  same_as<T, int64_t> || std::same_as<T, uint16_t> || std::same_as<
    T, uint32_t> || std::same_as<T, uint64_t> || std::same_as<T,
                                                              double> || std::
    same_as<T, std::string> || std::same_as<T, duration> || std::same_as<
      T, host_port> || std::same_as<T, std::vector<std::string>>;

/// One option of a program.
///
/// Immutable after construction.
struct program_option {
  enum class kind : uint8_t { flag, preset, required, optional };

  std::string name;
  std::string help;
  kind how = kind::optional;

  /// Of its value; and what that is if it is not given, or nothing.
  std::type_index type;
  std::any preset;
};

/// The options that a program adds to those of its node:
///
///     app.options.value<uint16_t>("workers", 4, "how many work at once")
///       .required<std::string>("shop", "whose orders they are")
///       .flag("dry-run", "change nothing");
///
/// A name is of lower-case letters, digits and dashes, and begins with a
/// letter; each call throws `config_error` if it is not, or was used already.
///
/// Confined to one thread.
class program_options {
public:
  /// A switch: true if it is given, without a value, else false.
  program_options& flag(std::string name, std::string help);

  /// An option with a default.
  template <option_type T>
  program_options& value(std::string name, T preset, std::string help) {
    return add({std::move(name), std::move(help), program_option::kind::preset,
                typeid(T), std::move(preset)});
  }

  /// One that must be given.
  template <option_type T>
  program_options& required(std::string name, std::string help) {
    return add({std::move(name),
                std::move(help),
                program_option::kind::required,
                typeid(T),
                {}});
  }

  /// One that need not be given and has no default: see `node::has_option`.
  template <option_type T>
  program_options& optional(std::string name, std::string help) {
    return add({std::move(name),
                std::move(help),
                program_option::kind::optional,
                typeid(T),
                {}});
  }

  const std::vector<program_option>& all() const noexcept { return all_; }

private:
  program_options& add(program_option what);

  std::vector<program_option> all_;
};

} // namespace bulwark
