# SPDX-License-Identifier: Apache-2.0 OR MIT
# A fast compile cache and a fast linker, where they are installed. Only when trawl is the top-level project.
include(CheckLinkerFlag)
find_program(TRAWL_CCACHE ccache)
mark_as_advanced(TRAWL_CCACHE)
if(TRAWL_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER "${TRAWL_CCACHE}")
endif()
if(NOT CMAKE_CROSSCOMPILING)
  check_linker_flag(CXX -fuse-ld=mold TRAWL_MOLD)
  if(TRAWL_MOLD)
    add_link_options(-fuse-ld=mold)
  endif()
endif()
