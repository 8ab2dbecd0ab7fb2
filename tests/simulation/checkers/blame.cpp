#include "simulation/checkers/checkers.hpp"

#include <set>
#include <string_view>

namespace test::sim {

namespace {

class blame : public checker {
public:
  using checker::checker;

  void on(const entry& what) override {
    switch (what.what) {
    case fact::raised:
      if (auto& it = world().traffic().of(what.message); it.what.survives)
        expect(it);
      return;
    case fact::threw:
    case fact::ended:
    case fact::changed:
      for (auto& each : world().traffic().cut_off())
        if (auto& it = world().traffic().of(each); !it.what.idempotent)
          expect(it);
      return;
    case fact::answered:
      return on_answer(what);
    default:
      return;
    }
  }

  void after_instant(bulwark::time_point) override {
    for (auto& each : cut_off_)
      if (!world().traffic().of(each).answered)
        broken("request " + to_string(each)
               + " was not answered when its replica was done with it");
    cut_off_.clear();
  }

private:
  /// What was handed on is answered to the client of the whole; what was asked
  /// for is answered to a replica, which may have ended.
  void expect(const parcel& it) {
    if (!it.request)
      return;
    auto& whole = world().traffic().of(it.name.whole());
    if (!it.part() || whole.what.kind == work_kind::hand_on)
      cut_off_.insert(whole.name);
  }

  void on_answer(const entry& what) const {
    auto& it = world().traffic().of(what.message);
    constexpr std::string_view mark = "because of ";
    auto whole = to_string(it.name.whole());
    auto begin = what.text.find(mark);
    if (begin != what.text.npos
        && what.text.compare(begin + mark.size(), whole.size() + 1, whole + ';')
             != 0)
      broken("request " + whole + " is told what another one threw");
    if (what.code == bulwark::errc::service_crashed && !any_raised(it))
      broken("request " + to_string(it.name)
             + " is told that the service crashed on it, but it did not");
  }

  bool any_raised(const parcel& it) const {
    if (it.raised > 0)
      return true;
    for (const auto* part : world().traffic().parts_of(it.name))
      if (part->raised > 0)
        return true;
    return false;
  }

  // Clients must have these answers within this instant.
  std::set<message_name> cut_off_;
};

} // namespace

std::unique_ptr<checker> make_blame(const observed& world) {
  return std::make_unique<blame>(world);
}

} // namespace test::sim
