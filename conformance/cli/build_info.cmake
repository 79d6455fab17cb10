# cmake -DSOURCE=… -DTEMPLATE=… -DOUTPUT=… -DVERSION=… -P build_info.cmake
# What a report says of the tool that made it: version, commit, and the build id: one hash over the sources that
# decide verdicts. A kill matrix is a proof for exactly one build id.
set(files "")
foreach(room base sim reference-impl conformance/core conformance/catalogue conformance/measure conformance/statistics
             conformance/scores conformance/evaluation conformance/engine conformance/device
             conformance/runner conformance/checks conformance/bench)
  file(GLOB_RECURSE found RELATIVE "${SOURCE}" "${SOURCE}/${room}/*.h" "${SOURCE}/${room}/*.cpp" "${SOURCE}/${room}/*.c"
       "${SOURCE}/${room}/*.json" "${SOURCE}/${room}/*.txt" "${SOURCE}/${room}/*.in" "${SOURCE}/${room}/*.def")
  list(FILTER found EXCLUDE REGEX "/(tests|fuzz|bench-apdu|study)/|/(scores|statistics)/bench/")
  list(APPEND files ${found})
endforeach()
list(SORT files)
set(all "")
foreach(file ${files})
  file(SHA256 "${SOURCE}/${file}" hash)
  string(APPEND all "${hash}  ${file}\n")
endforeach()
string(SHA256 build_id "${all}")
string(SUBSTRING "${build_id}" 0 16 BUILD_ID)

set(COMMIT "unknown")
execute_process(COMMAND git -C "${SOURCE}" rev-parse --short=12 HEAD OUTPUT_VARIABLE commit RESULT_VARIABLE failed
                OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
if(NOT failed)
  set(COMMIT "${commit}")
  execute_process(COMMAND git -C "${SOURCE}" status --porcelain --untracked-files=no OUTPUT_VARIABLE changes ERROR_QUIET)
  if(changes)
    string(APPEND COMMIT "-dirty")
  endif()
endif()
configure_file("${TEMPLATE}" "${OUTPUT}" @ONLY)
