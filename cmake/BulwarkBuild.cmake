# How own code is compiled: the build type, the compile cache, and the
# interface target `bulwark_flags` that every own target links privately.

if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "Build type" FORCE)
endif()

set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

# ccache refuses precompiled headers unless it is told to be generous.
find_program(BULWARK_CCACHE_PROGRAM ccache)
mark_as_advanced(BULWARK_CCACHE_PROGRAM)
if(BULWARK_CCACHE AND BULWARK_CCACHE_PROGRAM AND PROJECT_IS_TOP_LEVEL)
  if(NOT CMAKE_CXX_COMPILER_LAUNCHER OR CMAKE_CXX_COMPILER_LAUNCHER MATCHES
                                        "(^|/)ccache$")
    set(CMAKE_CXX_COMPILER_LAUNCHER
        ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros
        ${BULWARK_CCACHE_PROGRAM})
  endif()
endif()

# Programs of a hundred megabytes are linked in a fifth of the time.
find_program(BULWARK_LLD_PROGRAM ld.lld)
mark_as_advanced(BULWARK_LLD_PROGRAM)
if(BULWARK_LLD_PROGRAM AND PROJECT_IS_TOP_LEVEL)
  add_link_options(-fuse-ld=lld)
endif()

add_library(bulwark_flags INTERFACE)
target_compile_options(bulwark_flags INTERFACE -Wall -Wextra -Wpedantic)
# Where files are compiled as one, a local name may hide another file's.
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  target_compile_options(
    bulwark_flags INTERFACE
    "-Wshadow$<$<BOOL:$<TARGET_PROPERTY:UNITY_BUILD>>:=local>")
elseif(NOT BULWARK_UNITY_SIZE)
  target_compile_options(bulwark_flags INTERFACE -Wshadow)
endif()
# GCC 12 sees overlaps in `"text" + std::string` that cannot be (PR 105651).
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION
                                            VERSION_LESS 13)
  target_compile_options(bulwark_flags INTERFACE -Wno-restrict)
endif()
# Which lock guards what; see actors/bulwark/threads.
if(CMAKE_CXX_COMPILER_ID MATCHES "Clang")
  target_compile_options(bulwark_flags INTERFACE -Wthread-safety)
endif()
if(BULWARK_PCH)
  # What ccache needs to know which precompiled header was used.
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    target_compile_options(bulwark_flags INTERFACE -fpch-preprocess)
  else()
    target_compile_options(bulwark_flags INTERFACE -Xclang -fno-pch-timestamp)
  endif()
endif()
if(BULWARK_WERROR)
  target_compile_options(bulwark_flags INTERFACE -Werror)
endif()

# Undefined behaviour is made fatal at run time, by UBSAN_OPTIONS: what
# -fno-sanitize-recover makes fatal cannot be suppressed, and two reports from
# inside CAF's own headers must be (tests/support/ubsan.supp).
if(BULWARK_SANITIZE)
  if(BULWARK_SANITIZE MATCHES "thread" AND NOT BULWARK_CORE_ONLY
     AND NOT CAF_ROOT)
    message(FATAL_ERROR
      "BULWARK_SANITIZE is ${BULWARK_SANITIZE}; CAF as installed is not built "
      "for it and gives false reports. Add BULWARK_CORE_ONLY=ON, or use "
      "scripts/tsan, which builds a CAF that is.")
  endif()
  add_compile_options(-fsanitize=${BULWARK_SANITIZE} -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${BULWARK_SANITIZE})
endif()
