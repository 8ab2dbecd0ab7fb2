# Installs the build into a prefix of its own, then configures, builds and runs
# a project outside the tree that has nothing but find_package(bulwark). What
# it made is left for a look only if it fails.
#
# cmake -D BUILD=<build folder> -D SOURCE=<tests/package> -D COMPILER=<compiler>
#       -D PYTHON=<python3> -P run.cmake

function(step)
  execute_process(COMMAND ${ARGN} COMMAND_ECHO STDOUT COMMAND_ERROR_IS_FATAL ANY)
endfunction()

execute_process(COMMAND mktemp -d OUTPUT_VARIABLE work
                OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
step("${CMAKE_COMMAND}" --install "${BUILD}" --prefix "${work}/prefix")

# build_and_run(<project> <what it must print> [<argument>...])
function(build_and_run project words)
  file(COPY "${SOURCE}/${project}" DESTINATION "${work}")
  step("${CMAKE_COMMAND}" -S "${work}/${project}" -B "${work}/build/${project}"
       "-DCMAKE_PREFIX_PATH=${work}/prefix" "-DCMAKE_CXX_COMPILER=${COMPILER}")
  step("${CMAKE_COMMAND}" --build "${work}/build/${project}")
  execute_process(COMMAND "${work}/build/${project}/${project}" ${ARGN}
                  OUTPUT_VARIABLE output COMMAND_ERROR_IS_FATAL ANY)
  message("${output}")
  string(FIND "${output}" "${words}" position)
  if(position EQUAL -1)
    message(FATAL_ERROR "${project} did not print: ${words}")
  endif()
endfunction()

build_and_run(outsider "hello, you" --data "${work}/data")
build_and_run(actors_only "hello, you")

# The first program of the README, as a reader pastes it.
file(READ "${SOURCE}/../../README.md" page)
string(FIND "${page}" "```cpp\n" begin)
math(EXPR begin "${begin} + 7")
string(SUBSTRING "${page}" ${begin} -1 page)
string(FIND "${page}" "```" end)
string(SUBSTRING "${page}" 0 ${end} program)
file(WRITE "${work}/outsider/main.cpp" "${program}")
step("${CMAKE_COMMAND}" --build "${work}/build/outsider")

# The project of docs/first-project.md: a service, its test over a crash with
# the installed rig, options of its own, two nodes.
build_and_run(shop "--sells" --help)
step("${CMAKE_CTEST_COMMAND}" --test-dir "${work}/build/shop"
     --output-on-failure)
step("${PYTHON}" "${SOURCE}/../support/nodes.py" "${work}/build/shop/shop"
     "^one tea$" "^std::invalid_argument: there is no coffee"
     -- --name=seller --listen=127.0.0.1:0 -- --name=buyer --buy)

# Neither Boost nor CAF's network was touched.
file(READ "${work}/build/actors_only/CMakeCache.txt" cache)
if(cache MATCHES "\nBoost_|caf_io")
  message(FATAL_ERROR "actors_only looked for Boost or CAF's network")
endif()
file(REMOVE_RECURSE "${work}")
