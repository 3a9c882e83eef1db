# SPDX-License-Identifier: Apache-2.0 OR MIT
# Tables that are data files, turned into code by python3 at build time.

find_package(Python3 REQUIRED COMPONENTS Interpreter)

# trawl_generated(target script data out): runs tools/generate/<script> data/<data> <out>; `out` can then be included by
# the sources of the target.
function(trawl_generated target script data out)
  set(folder "${PROJECT_BINARY_DIR}/generated")
  file(MAKE_DIRECTORY "${folder}")
  add_custom_command(
    OUTPUT "${folder}/${out}"
    COMMAND Python3::Interpreter "${PROJECT_SOURCE_DIR}/tools/generate/${script}" "${PROJECT_SOURCE_DIR}/data/${data}" "${folder}/${out}"
    DEPENDS "${PROJECT_SOURCE_DIR}/tools/generate/${script}" "${PROJECT_SOURCE_DIR}/data/${data}"
    COMMENT "Generating ${out}" VERBATIM)
  target_sources(${target} PRIVATE "${folder}/${out}")
  target_include_directories(${target} PRIVATE "${folder}")
endfunction()

# The tables of a room, added to the target that compiles its sources. trawl_room() calls it.
function(trawl_room_tables room target)
  if(room STREQUAL "core")
    trawl_generated(${target} link_types.py link_types.tsv link_types.inc)
  endif()
endfunction()
