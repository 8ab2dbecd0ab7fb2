// One experiment at a time, whose name events carry, and whose faults end with
// their leases whatever its runner does.

#include <bulwark/admin/detail/fault_desk.hpp>

#include <catch2/catch.hpp>

#include <set>

using namespace bulwark;
using namespace std::chrono_literals;
using bulwark::detail::experiment_tag;
using bulwark::detail::fault_desk;
using bulwark::detail::fault_order;

namespace {

constexpr time_point desk_start{1h};
using act = fault_order::act;

struct desk_rig {
  std::set<std::string> lent;
  int renewed = 0;
  std::optional<std::string> refusal;
  std::shared_ptr<experiment_tag> tag = std::make_shared<experiment_tag>();
  fault_desk desk{{[this](const fault_order& what) {
                     if (!refusal)
                       lent.insert(what.id);
                     return refusal;
                   },
                   [this](const std::string&) { ++renewed; },
                   [this](const std::string& id) { lent.erase(id); }},
                  tag,
                  "node/alpha/chaos",
                  {}};

  std::optional<std::string> take(act what, time_point now,
                                  const std::string& id = "fault0",
                                  const std::string& of = "trial") {
    fault_order order;
    order.what = what;
    order.experiment = of;
    order.id = id;
    order.fault = {fault_kind::crash, "orders"};
    return desk.take(order, now);
  }
};

} // namespace

TEST_CASE("events carry the name of an experiment from its begin to its end",
          "[chaos]") {
  desk_rig rig;
  CHECK(rig.take(act::lend, desk_start)
        == "experiment trial does not go on here");
  REQUIRE_FALSE(rig.take(act::begin, desk_start));
  CHECK(rig.tag->get() == "trial");
  REQUIRE_FALSE(rig.take(act::lend, desk_start));
  CHECK(rig.lent == std::set<std::string>{"trial/fault0"});
  REQUIRE_FALSE(rig.take(act::lift, desk_start + 1s));
  CHECK(rig.lent.empty());
  CHECK(rig.tag->get() == "trial");
  REQUIRE_FALSE(rig.take(act::end, desk_start + 2s));
  CHECK(rig.tag->get().empty());
}

TEST_CASE("a second experiment is refused while one goes on", "[chaos]") {
  desk_rig rig;
  REQUIRE_FALSE(rig.take(act::begin, desk_start));
  CHECK(rig.take(act::begin, desk_start, "", "other")
        == "experiment trial goes on here; one at a time, so that one knows "
           "what each did");
  CHECK(rig.take(act::lift, desk_start, "", "other")
        == "experiment other does not go on here");
  CHECK_FALSE(rig.take(act::begin, desk_start + 10s, "", "other"));
  CHECK(rig.tag->get() == "other");
}

TEST_CASE("what is not renewed ends, and so does the experiment", "[chaos]") {
  desk_rig rig;
  REQUIRE_FALSE(rig.take(act::begin, desk_start));
  REQUIRE_FALSE(rig.take(act::lend, desk_start + 1s));
  CHECK(rig.desk.look(desk_start + 2s) == desk_start + 10s);
  REQUIRE_FALSE(rig.take(act::renew, desk_start + 5s));
  CHECK(rig.renewed == 1);
  CHECK(rig.desk.look(desk_start + 14s) == desk_start + 15s);
  CHECK(rig.lent.size() == 1);
  CHECK_FALSE(rig.desk.look(desk_start + 15s));
  CHECK(rig.lent.empty());
  CHECK(rig.tag->get().empty());
  CHECK(rig.take(act::renew, desk_start + 15s)
        == "experiment trial does not go on here");
}

TEST_CASE("what its target refuses is not lent", "[chaos]") {
  desk_rig rig;
  rig.refusal = "it is the last one";
  REQUIRE_FALSE(rig.take(act::begin, desk_start));
  CHECK(rig.take(act::lend, desk_start) == "it is the last one");
  CHECK(rig.desk.active(desk_start).empty());
}
