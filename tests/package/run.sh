#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0 OR MIT
# run.sh BUILD_DIR COMPILER CMAKE: installs the build into a scratch folder, moves that (nothing may depend on the place), and
# builds the project beside this script against it, by find_package and by pkg-config.
set -euo pipefail
build=$1 compiler=$2 cmake=$3
here=$(cd "$(dirname "$0")" && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

"$cmake" --install "$build" --prefix "$scratch/first" >"$scratch/log" || { cat "$scratch/log"; exit 1; }
mv "$scratch/first" "$scratch/prefix"
prefix=$scratch/prefix
libdir=$(dirname "$(find "$prefix" -name pkgconfig -type d)")

echo "== find_package"
"$cmake" -S "$here" -B "$scratch/cmake" -DCMAKE_CXX_COMPILER="$compiler" -DCMAKE_PREFIX_PATH="$prefix" >"$scratch/log" &&
  "$cmake" --build "$scratch/cmake" >>"$scratch/log" || { cat "$scratch/log"; exit 1; }
"$scratch/cmake/stranger"

echo "== pkg-config"
if command -v pkg-config >/dev/null; then
  flags=$(PKG_CONFIG_PATH=$libdir/pkgconfig pkg-config --cflags --libs trawl)
  # shellcheck disable=SC2086
  "$compiler" ${CXXFLAGS:-} -std=c++23 "$here/main.cpp" $flags -Wl,-rpath,"$libdir" -o "$scratch/stranger"
  "$scratch/stranger"
else
  echo "pkg-config is not installed: not tried"
fi

echo "== all installed headers in one program"
find "$prefix/include" -name '*.hpp' | sort | sed 's|.*/include/|#include <|; s|$|>|' >"$scratch/all.cpp"
"$compiler" ${CXXFLAGS:-} -std=c++23 -fsyntax-only -Wall -Wextra -I"$prefix/include" "$scratch/all.cpp"
echo "$(wc -l <"$scratch/all.cpp") headers"
