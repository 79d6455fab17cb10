# Every build option of shogo, in one place.
option(SHOGO_WARNINGS_AS_ERRORS "Treat warnings as errors (packagers may switch it off)" ON)
option(SHOGO_FUZZ "Build the libFuzzer targets (needs clang)" OFF)
option(SHOGO_LIBRARIES_ONLY "No tests, fuzz targets or benchmarks: what python/ builds for a user" OFF)
set(SHOGO_SANITIZE "" CACHE STRING "Sanitizers to build with, for example address,undefined or thread")

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/bin")
set(CMAKE_LIBRARY_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/lib")

# Optimised builds keep assert(): the bench is a measuring instrument, a broken invariant must stop it.
set(CMAKE_CXX_FLAGS_RELEASE "-O2 -g1")
set(CMAKE_C_FLAGS_RELEASE "-O2 -g1")
set(CMAKE_CXX_FLAGS_DEBUG "-O1 -g1 -D_GLIBCXX_ASSERTIONS")

find_program(SHOGO_CCACHE ccache)
get_filename_component(SHOGO_TREE "${CMAKE_CURRENT_LIST_DIR}/.." ABSOLUTE)
if(SHOGO_CCACHE)
  # Relative paths let clones in different folders share one cache.
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_BASEDIR=${SHOGO_TREE} CCACHE_NOHASHDIR=1 ${SHOGO_CCACHE})
  set(CMAKE_C_COMPILER_LAUNCHER ${CMAKE_CXX_COMPILER_LAUNCHER})
endif()

add_compile_options(-Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wno-sign-conversion)
add_compile_definitions(FMT_ENFORCE_COMPILE_STRING=0)
if(SHOGO_WARNINGS_AS_ERRORS)
  add_compile_options(-Werror)
endif()
if(SHOGO_SANITIZE)
  add_compile_options(-fsanitize=${SHOGO_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${SHOGO_SANITIZE})
  # GCC 12 reports false positives inside the standard library when it instruments it.
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    add_compile_options(-Wno-maybe-uninitialized -Wno-stringop-overflow -Wno-tsan)
  endif()
endif()
if(SHOGO_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()

find_package(Threads REQUIRED)
find_package(fmt REQUIRED)
find_package(OpenSSL 3.0 REQUIRED)
find_package(Boost 1.81 REQUIRED COMPONENTS json)
if(NOT SHOGO_LIBRARIES_ONLY)
  find_package(GTest REQUIRED)
  find_package(benchmark REQUIRED)
endif()
find_package(PkgConfig REQUIRED)
# The system's Python before one of a version manager: only there are the packages of ci/packages.txt.
find_program(Python3_EXECUTABLE NAMES python3 PATHS /usr/bin NO_DEFAULT_PATH)
