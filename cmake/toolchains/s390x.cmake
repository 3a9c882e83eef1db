# SPDX-License-Identifier: Apache-2.0 OR MIT
# Linux on a big-endian machine. Programs are linked statically and run under qemu.
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR s390x)
set(CMAKE_CXX_COMPILER s390x-linux-gnu-g++)
set(CMAKE_EXE_LINKER_FLAGS_INIT -static)
set(CMAKE_FIND_ROOT_PATH /usr/s390x-linux-gnu)
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
find_program(qemu NAMES qemu-s390x-static qemu-s390x NO_CACHE)
if(qemu)
  set(CMAKE_CROSSCOMPILING_EMULATOR "${qemu}")
endif()
