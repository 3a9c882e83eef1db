# SPDX-License-Identifier: Apache-2.0 OR MIT
# trawl_warnings: the warnings that our own code is compiled with, and only ours.
add_library(trawl_warnings INTERFACE)
target_compile_options(trawl_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wshadow -Wold-style-cast -Wcast-qual -Wcast-align -Wnon-virtual-dtor
  -Woverloaded-virtual -Wformat=2 -Wundef -Wextra-semi -Wdouble-promotion
  -Wno-missing-field-initializers)  # {.snaplen = 256}: what is not named has its default
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  target_compile_options(trawl_warnings INTERFACE -Wduplicated-cond -Wlogical-op)
  if(CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
    target_compile_options(trawl_warnings INTERFACE -Wno-restrict)  # false alarms in std::string, GCC bug 105651
  endif()
elseif(CMAKE_CXX_COMPILER_ID MATCHES "Clang")
  target_compile_options(trawl_warnings INTERFACE -Wno-missing-designated-field-initializers -Wunreachable-code -Wno-gnu-statement-expression)
endif()
if(TRAWL_WERROR)
  target_compile_options(trawl_warnings INTERFACE -Werror)
endif()
