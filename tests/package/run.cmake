# Installs the build into a prefix of its own, then configures, builds and runs
# a project outside the tree that has nothing but find_package(bulwark). What
# it made is left for a look only if it fails.
#
# cmake -D BUILD=<build folder> -D SOURCE=<tests/package> -D COMPILER=<compiler>
#       -P run.cmake

function(step)
  execute_process(COMMAND ${ARGN} COMMAND_ECHO STDOUT COMMAND_ERROR_IS_FATAL ANY)
endfunction()

execute_process(COMMAND mktemp -d OUTPUT_VARIABLE work
                OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
file(COPY "${SOURCE}/project" DESTINATION "${work}")

step("${CMAKE_COMMAND}" --install "${BUILD}" --prefix "${work}/prefix")
step("${CMAKE_COMMAND}" -S "${work}/project" -B "${work}/build"
     "-DCMAKE_PREFIX_PATH=${work}/prefix" "-DCMAKE_CXX_COMPILER=${COMPILER}")
step("${CMAKE_COMMAND}" --build "${work}/build")

execute_process(COMMAND "${work}/build/outsider" --data "${work}/data"
                OUTPUT_VARIABLE output COMMAND_ERROR_IS_FATAL ANY)
message("${output}")
string(FIND "${output}" "hello, you" position)
if(position EQUAL -1)
  message(FATAL_ERROR "the program did not greet")
endif()
file(REMOVE_RECURSE "${work}")
