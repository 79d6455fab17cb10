# shogo_reference_program(NAME SOURCES ... DEFECTS ... LIBS ...)
# A program of the reference reader, for example shogo-nfc, and beside it NAME-mutants, which holds the deliberate
# defects that the harness must catch (shogo/reference/mutant.h). DEFECTS (main.cpp and every source that names a
# mutant) are compiled twice; SOURCES once, as the static library NAME_core (dashes become underscores) that
# unit tests link too.
function(shogo_reference_program name)
  cmake_parse_arguments(ARG "" "" "SOURCES;DEFECTS;LIBS" ${ARGN})
  string(REPLACE "-" "_" core "${name}_core")
  if(ARG_SOURCES)
    add_library(${core} STATIC ${ARG_SOURCES})
    set(scope PUBLIC)
  else()
    add_library(${core} INTERFACE)
    set(scope INTERFACE)
  endif()
  target_include_directories(${core} ${scope} src)
  if(IS_DIRECTORY "${CMAKE_CURRENT_SOURCE_DIR}/include")
    target_include_directories(${core} ${scope} include)
  endif()
  target_link_libraries(${core} ${scope} shogo_reference_common ${ARG_LIBS})

  add_executable(${name} ${ARG_DEFECTS})
  add_executable(${name}-mutants ${ARG_DEFECTS})
  target_compile_definitions(${name}-mutants PRIVATE SHOGO_MUTANTS)
  # DEFECTS use the core, never the other way round: the core is compiled without defects.
  target_link_libraries(${name} PRIVATE ${core} shogo_wiping_heap)
  target_link_libraries(${name}-mutants PRIVATE ${core} shogo_wiping_heap)

  find_program(SHOGO_STRINGS strings REQUIRED)
  add_test(NAME "${name}.shipped_program_holds_no_mutant"
           COMMAND ${CMAKE_COMMAND} -DSTRINGS=${SHOGO_STRINGS} -DSHIPPED=$<TARGET_FILE:${name}>
                   -DMUTANTS=$<TARGET_FILE:${name}-mutants> -P "${CMAKE_SOURCE_DIR}/cmake/NoMutantInside.cmake")
  set_tests_properties("${name}.shipped_program_holds_no_mutant" PROPERTIES LABELS system)
endfunction()
