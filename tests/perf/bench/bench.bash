# SPDX-License-Identifier: GPL-2.0
# For tests of the benchmarks: engines are scripts, which sleep and print.
# shellcheck disable=SC2016 # the scripts expand
load ../../harness/output

repo=$(realpath "$BATS_TEST_DIRNAME/../../..")

# The interpreter itself: a wrapper that chooses a version would take time at each start.
setup_file() { python3=$(python3 -c 'import sys; print(sys.executable)') && export python3; }

setup() {
    cd "$BATS_TEST_TMPDIR" || return
    mkdir programs engines
    program one 'one'
    engine bfk 'cat "${program%.b}.out"'
    engine peer 'cat "${program%.b}.out"'
}

# program NAME OUTPUT: makes a program whose text is its name.
program() {
    echo "$1" >"programs/$1.b"
    echo "$2" >"programs/$1.out"
}

# engine NAME SCRIPT: makes an engine; the script finds the program in $program.
engine() {
    printf '#!/bin/bash\nprogram=${@: -1}\n%s\n' "$2" >"engines/$1"
    chmod +x "engines/$1"
}

# Any processor will do; looking for an idle one takes time.
cpu=$(sed -n 's/^Cpus_allowed_list:[^0-9]*\([0-9]*\).*/\1/p' /proc/self/status)

# python TEXT: with the modules of the benchmarks.
python() { PYTHONPATH=$repo/tests/perf/bench "$python3" -B -c "$1"; }
