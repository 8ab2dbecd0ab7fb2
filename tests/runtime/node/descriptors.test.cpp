#include <bulwark/process/detail/descriptor_limit.hpp>

#include <catch2/catch.hpp>

#include <sys/resource.h>

using namespace bulwark::detail;

TEST_CASE("connections leave a node some descriptors", "[node]") {
  CHECK(connections_below(20'000, 1024) == 1024);
  CHECK(connections_below(1024, 1024) == 1024 - descriptors_kept);
  CHECK(connections_below(1024, 100) == 100);
  // Of a small limit, half.
  CHECK(connections_below(100, 1024) == 50);
  CHECK(connections_below(0, 1024) == 1);
  CHECK(connections_below(RLIM_INFINITY, 1024) == 1024);
}

TEST_CASE("the soft limit of descriptors becomes the hard one", "[node]") {
  rlimit before{};
  REQUIRE(::getrlimit(RLIMIT_NOFILE, &before) == 0);
  rlimit low{100, before.rlim_max};
  REQUIRE(::setrlimit(RLIMIT_NOFILE, &low) == 0);
  CHECK(descriptor_limit() == 100);
  CHECK(raise_descriptor_limit() == before.rlim_max);
  CHECK(descriptor_limit() == before.rlim_max);
  CHECK(::setrlimit(RLIMIT_NOFILE, &before) == 0);
}
