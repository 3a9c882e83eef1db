# SPDX-License-Identifier: Apache-2.0 OR MIT
# trawl_option_if_header(name text header): an option that is ON where `header` is installed for the target.
function(trawl_option_if_header name text header)
  set(found OFF)
  if(NOT CMAKE_CROSSCOMPILING AND NOT DEFINED ${name})  # a cross build asks for what it wants
    find_path(${name}_HEADER ${header})
    mark_as_advanced(${name}_HEADER)
    if(${name}_HEADER)
      set(found ON)
    endif()
  endif()
  option(${name} "${text}" ${found})
endfunction()
