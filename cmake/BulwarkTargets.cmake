# The functions that the folders' CMakeLists.txt are written with.

# bulwark_precompile(<target> <header>...)
#
# Lets <target> start from these headers, precompiled. CAF's save 1.2 to 1.5 s
# of the 1.7 to 4 s that a file with actors takes and cost 4.4 s once, so each
# set is shared by all targets that want it.
function(bulwark_precompile target)
  if(NOT BULWARK_PCH)
    return()
  endif()
  string(MAKE_C_IDENTIFIER "bulwark_precompiled_${ARGN}" headers)
  if(NOT TARGET ${headers})
    set(source "${PROJECT_BINARY_DIR}/${headers}.cpp")
    file(CONFIGURE OUTPUT "${source}" CONTENT "")
    add_library(${headers} OBJECT "${source}")
    target_compile_features(${headers} PUBLIC cxx_std_20)
    target_link_libraries(${headers} PRIVATE bulwark_flags)
    if(TARGET CAF::core)
      target_link_libraries(${headers} PRIVATE CAF::core)
    endif()
    target_precompile_headers(${headers} PRIVATE ${ARGN})
  endif()
  target_precompile_headers(${target} REUSE_FROM ${headers})
endfunction()

# bulwark_unite_sources(<target>)
#
# Compiles up to eight sources of one family of <target> as one where tests are
# united too, which takes a third to a half of the time. Names in anonymous
# namespaces must differ within a family.
function(bulwark_unite_sources target)
  if(NOT BULWARK_UNITY_SIZE)
    return()
  endif()
  set_target_properties(${target} PROPERTIES UNITY_BUILD ON
                                             UNITY_BUILD_MODE GROUP)
  get_target_property(sources ${target} SOURCES)
  foreach(source IN LISTS sources)
    string(REGEX REPLACE "^bulwark/([^/]*)/.*$" "\\1" family "${source}")
    if(family STREQUAL source)
      set(family own)
    endif()
    if(NOT DEFINED count_${family})
      set(count_${family} 0)
    endif()
    math(EXPR part "${count_${family}} / 8")
    math(EXPR count_${family} "${count_${family}} + 1")
    set_source_files_properties(
      "${source}" PROPERTIES UNITY_GROUP "${family}_${part}")
  endforeach()
endfunction()

# bulwark_floor(<name> SOURCES <file>... LINKS <library>...)
#
# Adds the static library bulwark_<name>, also known as bulwark::<name>. The
# calling folder is its include root. LINKS become visible to its users.
function(bulwark_floor name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;LINKS")
  set(target bulwark_${name})
  add_library(${target} STATIC ${arg_SOURCES})
  add_library(bulwark::${name} ALIAS ${target})
  set_target_properties(${target} PROPERTIES EXPORT_NAME ${name})
  target_compile_features(${target} PUBLIC cxx_std_20)
  target_include_directories(
    ${target} PUBLIC "$<BUILD_INTERFACE:${CMAKE_CURRENT_SOURCE_DIR}>"
                     "$<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>")
  target_link_libraries(${target} PUBLIC ${arg_LINKS}
                                  PRIVATE $<BUILD_INTERFACE:bulwark_flags>)
  bulwark_unite_sources(${target})
  # What tests try millions of times, or against the clock. Headers that others
  # share are precompiled without optimisation.
  if(BULWARK_SANITIZE AND name MATCHES "^(core|actors|journal)$")
    target_compile_options(${target} PRIVATE -O1)
    if(BULWARK_PCH AND NOT name STREQUAL "core")
      target_precompile_headers(${target} PRIVATE <caf/all.hpp>)
    endif()
  elseif(NOT name STREQUAL "core")
    bulwark_precompile(${target} <caf/all.hpp>)
  endif()
endfunction()

# bulwark_program(<name> SOURCES <file>... [LINKS <library>...])
#
# Adds an executable that uses Bulwark as a user's program would.
function(bulwark_program name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;LINKS")
  add_executable(${name} ${arg_SOURCES})
  target_link_libraries(${name} PRIVATE bulwark::bulwark ${arg_LINKS}
                                        bulwark_flags)
  bulwark_precompile(${name} <caf/all.hpp>)
endfunction()

if(BULWARK_SANITIZE)
  set(BULWARK_TEST_SHARE 5)
else()
  set(BULWARK_TEST_SHARE 1)
endif()

# bulwark_test(<name> SOURCES <file>... [LINKS <library>...]
#              [TIMEOUT <seconds>] [LABELS <label>...] [ENVIRONMENT <X=Y>...])
#
# Adds the Catch2 program test_<name> and registers it with CTest under
# <name>. A test that needs a built program gets its path by
# ENVIRONMENT "X=$<TARGET_FILE:...>". Of random cases it tries one in
# TEST_SHARE: sanitizers make them up to fifteen times as slow. ALONE: its files
# are never compiled as one.
function(bulwark_test name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "ALONE" "TIMEOUT"
                        "SOURCES;LINKS;LABELS;ENVIRONMENT")
  if(NOT arg_TIMEOUT)
    set(arg_TIMEOUT 60)
  endif()
  if(BULWARK_UNITY_SIZE AND NOT arg_ALONE)
    bulwark_unite(arg_SOURCES "${CMAKE_CURRENT_BINARY_DIR}/unity/${name}"
                  ${arg_SOURCES})
  endif()
  add_executable(test_${name} ${arg_SOURCES})
  target_include_directories(test_${name} PRIVATE .)
  target_link_libraries(test_${name} PRIVATE ${arg_LINKS} bulwark_test_main
                                             bulwark_flags)
  target_compile_definitions(test_${name}
                             PRIVATE TEST_SHARE=${BULWARK_TEST_SHARE})
  if(arg_LINKS STREQUAL "bulwark::core")
    bulwark_precompile(test_${name} <catch2/catch.hpp>)
  else()
    bulwark_precompile(test_${name} <caf/all.hpp> <catch2/catch.hpp>)
  endif()
  add_test(NAME ${name} COMMAND test_${name})
  bulwark_test_environment(${name} ${arg_ENVIRONMENT})
  bulwark_test_timeout(${name} ${arg_TIMEOUT})
  set_tests_properties(${name} PROPERTIES LABELS "${arg_LABELS}")
endfunction()

# bulwark_test_timeout(<test> <seconds>)
#
# After how long a test has failed; sanitizers get three times as long.
function(bulwark_test_timeout name seconds)
  if(BULWARK_SANITIZE)
    math(EXPR seconds "${seconds} * 3")
  endif()
  set_tests_properties(${name} PROPERTIES TIMEOUT ${seconds})
endfunction()

# bulwark_test_environment(<test> [<X=Y>...])
#
# Sets what every test of ours needs in its environment, and the given pairs.
function(bulwark_test_environment name)
  set_tests_properties(
    ${name} PROPERTIES ENVIRONMENT
    "UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1:suppressions=${PROJECT_SOURCE_DIR}/tests/support/ubsan.supp;LSAN_OPTIONS=print_suppressions=0:suppressions=${PROJECT_SOURCE_DIR}/tests/support/lsan.supp;${ARGN}")
endfunction()
