// Certificates that are replaced while nodes run.

#include "runtime/cluster/island.hpp"
#include "support/authority.hpp"
#include "support/temp_folder.hpp"

#include <bulwark/cluster/detail/tls/certificate_keeper.hpp>
#include <bulwark/options/config_error.hpp>

#include <catch2/catch.hpp>

#include <fstream>

using bulwark::event_kind;
using bulwark::severity;
using bulwark::detail::certificate_keeper;
using Catch::Contains;
using test::authority;
using test::island;
using namespace std::chrono_literals;

namespace {

constexpr std::chrono::hours day{24};

struct office {
  test::temp_folder folder;
  authority ca{folder.path()};

  island::settings node(const std::string& name) {
    island::settings result{.name = name};
    result.tls = ca.issue(name);
    return result;
  }
};

void overwrite(const std::filesystem::path& file, const std::string& text) {
  std::ofstream{file} << text;
}

std::string why_not(const bulwark::tls_options& files) {
  try {
    certificate_keeper keeper{files, "alpha", {}};
  } catch (const bulwark::config_error& refused) {
    return refused.what();
  }
  return "";
}

} // namespace

SCENARIO("a certificate is renewed under a node that runs", "[cluster][tls]") {
  office it;
  auto made = it.node("alpha");
  made.services = {"orders"};
  island alpha{made};
  auto joining = it.node("beta");
  joining.join = {alpha.address()};
  island beta{joining};
  alpha.await_event(event_kind::node_joined, "node/beta");
  // One that nobody can use leaves the old one in use.
  overwrite(made.tls.certificate, "nonsense");
  auto refused = alpha.await_event(event_kind::warning_raised, "node/alpha");
  CHECK_THAT(refused.reason, Contains("it is no certificate in PEM")
                               && Contains("those before stay in use"));
  CHECK(refused.level == severity::medium);
  {
    auto more = it.node("gamma");
    more.join = {alpha.address()};
    island gamma{more};
    gamma.await_event(event_kind::node_joined, "node/alpha");
  }
  // A good one is used for new connections; those that are there stay.
  it.ca.issue("alpha", {.ends = 5 * day});
  alpha.await_event(event_kind::change_applied, "node/alpha");
  test::await("its end is foreseen",
              [&] { return alpha.count(event_kind::warning_raised) == 2; });
  auto foreseen = alpha.last(event_kind::warning_raised);
  CHECK(foreseen.reason == "the certificate ends within 7 d");
  CHECK(foreseen.level == severity::medium);
  auto more = it.node("delta");
  more.join = {alpha.address()};
  island delta{more};
  delta.await_event(event_kind::node_joined, "node/alpha");
  CHECK(delta.ask("orders", "one") == "orders one");
  CHECK(alpha.count(event_kind::node_lost) == 0);
  CHECK(beta.ask("orders", "two") == "orders two");
  CHECK(alpha.count(event_kind::warning_raised) == 2);
}

SCENARIO("files that cannot be used are named with their fault",
         "[cluster][tls]") {
  office it;
  auto good = it.ca.issue("alpha");
  CHECK(why_not(good) == "");
  auto with = [&](std::filesystem::path bulwark::tls_options::*which,
                  const std::filesystem::path& file) {
    auto files = good;
    files.*which = file;
    return why_not(files);
  };
  using files = bulwark::tls_options;
  auto absent = it.folder.path() / "absent";
  for (auto which : {&files::certificate, &files::key, &files::authority})
    CHECK_THAT(with(which, absent),
               Contains("absent: No such file or directory"));
  auto junk = it.folder.path() / "junk";
  overwrite(junk, "junk");
  CHECK_THAT(with(&files::certificate, junk), Contains("no certificate"));
  CHECK_THAT(with(&files::authority, junk), Contains("no certificates"));
  CHECK_THAT(with(&files::key, it.ca.issue("beta").key),
             Contains("not the key of the certificate"));
  CHECK_THAT(why_not(it.ca.issue("beta")),
             Contains("the node's name, alpha, is none of its names"));
  CHECK_THAT(why_not(it.ca.issue(
               "old", {.names = {"alpha"}, .begins = -2 * day, .ends = -day})),
             Contains("certificate has expired"));
  CHECK_THAT(why_not(it.ca.issue("new", {.names = {"alpha"}, .begins = day})),
             Contains("not yet valid"));
  test::temp_folder elsewhere;
  authority other{elsewhere.path()};
  auto foreign = other.issue("alpha");
  foreign.authority = good.authority;
  CHECK_THAT(why_not(foreign), Contains("not accepted by the authority"));
}
