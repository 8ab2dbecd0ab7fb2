# What processes allocate with. Actors free in one thread what another has
# allocated; jemalloc makes that cheaper than the C library's allocator does.
# Gives, where it is wanted and there, the target PkgConfig::JEMALLOC.

option(BULWARK_JEMALLOC "Link programs with jemalloc where it is installed" ON)
# A sanitizer watches its own allocator only.
if(BULWARK_JEMALLOC AND NOT BULWARK_SANITIZE)
  find_package(PkgConfig QUIET)
  if(PkgConfig_FOUND)
    pkg_check_modules(JEMALLOC QUIET IMPORTED_TARGET GLOBAL jemalloc>=5)
  endif()
  if(NOT TARGET PkgConfig::JEMALLOC)
    message(STATUS "jemalloc was not found (Debian: libjemalloc-dev): programs "
                   "use the C library's allocator")
  endif()
endif()
