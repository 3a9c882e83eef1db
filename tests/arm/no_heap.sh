#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# no_heap.sh NM IMAGE LIBDIR: fails when the image, or a room whether linked or not, knows a heap, exceptions or a process.
nm=$1 image=$2 libs=$3
forbidden=' (malloc|calloc|realloc|free|_malloc_r|_free_r|_sbrk|_sbrk_r|_Zn[wa][a-zA-Z0-9_]*|_Zd[la]P[a-zA-Z0-9_]*|__cxa_throw|__cxa_allocate_exception|_Unwind_Resume|_exit|_write|_getentropy)$'
status=0
for file in "$image" "$libs"/libtrawl_*.a; do
  [ -e "$file" ] || continue
  found=$("$nm" -A "$file" 2>/dev/null | grep -E "$forbidden")
  if [ -n "$found" ]; then
    echo "$found"
    status=1
  fi
done
"$nm" -S --size-sort "$image" >/dev/null || status=1
[ $status = 0 ] && echo "no heap, exception or system symbol in $(basename "$image") and $(ls "$libs" 2>/dev/null | grep -c '^libtrawl_') archives"
exit $status
