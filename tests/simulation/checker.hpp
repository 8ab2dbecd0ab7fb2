#pragma once

#include "simulation/entry.hpp"
#include "simulation/observed.hpp"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace test::sim {

/// Judges one promise from what was observed. To add one: a file in
/// `checkers/`, a line in `checkers.cpp`, and a mutation that it must catch.
///
/// Confined to one thread.
class checker {
public:
  using complain = std::function<void(const std::string&)>;

  explicit checker(const observed& world) : world_(world) {}
  checker(const checker&) = delete;
  checker& operator=(const checker&) = delete;
  virtual ~checker() = default;

  /// `world` knows of `what` already.
  virtual void on(const entry& what) = 0;

  /// Time is about to pass: all that follows from the entries up to `now` has
  /// happened.
  virtual void after_instant(bulwark::time_point) {}

  /// Where complaints go.
  void report_to(complain to) { complain_ = std::move(to); }

protected:
  const observed& world() const { return world_; }
  const node& at(size_t index) const { return world_.at(index); }

  /// Says that a promise was broken.
  void broken(const std::string& how) const { complain_(how); }

  /// The path of a child and which start of it.
  std::string name(size_t index, uint64_t incarnation = 0) const {
    return world_.at(index).path
           + (incarnation == 0 ? "" : "/" + std::to_string(incarnation));
  }

private:
  const observed& world_;
  complain complain_;
};

/// A checker and what it is called.
struct named_checker {
  std::string name;
  std::function<std::unique_ptr<checker>(const observed&)> make;
};

const std::vector<named_checker>& all_checkers();

} // namespace test::sim
