#include "simulation/play.hpp"

#include "simulation/rig.hpp"

namespace test::sim {

namespace {

// How much of the history is shown where a promise was broken.
constexpr size_t lines_max = 40;

} // namespace

outcome play(const plan& what, const view& how) {
  history book{what, how.only};
  backstage stage{book};
  stage.victim = how.victim;
  stage.crash_at = how.crash_at;
  {
    rig all{what, stage};
    all.play();
  }
  outcome result{book.broken(), book.met(), {}, stage.crashed};
  result.met.count(what);
  auto end = result.broken ? result.broken->entries : book.entries().size();
  if (how.whole)
    result.text = book.text(0, end);
  else if (result.broken)
    result.text = book.text(end > lines_max ? end - lines_max : 0, end);
  return result;
}

} // namespace test::sim
