# shellcheck shell=bash disable=SC2153 # run.sh sets COUNT and SEED
# SPDX-License-Identifier: GPL-2.0
# The stages of tests/run.sh: the table, a function for each, and what run.sh does in a guest.

# NAME WHERE TIME QUESTION. WHERE: host or guest run by default, named and named-guest only if named. TIME is for
# two otherwise idle processors, without fetching or building a kernel.
stages() {
    local kernel
    cat <<'END'
deps host 1s Is everything installed that is needed to build and test?
build host 5m Does everything build, without a warning, and with the sanitizers?
lint host 20s Do sparse, checkpatch, kernel-doc, clang-format, shellcheck and mandoc find nothing?
loc host 1s Is the trusted code within its budget of lines?
unit host 1m Do the parser, the command, libbfk, bfkd without a device, and the files around them behave as documented?
oracle host 10s Does the encoder write the same bytes as nasm?
optimise host 40s Does each pass make the ops of its tables, in time and memory proportional to the source?
programs host 10s Do the programs, examples and servers do what is expected of them?
audit host 3s Does the auditor refuse each image that the sandbox does not allow?
prove host 1m Does the code of each op do what the op means, for all operands?
attacks host 50s Is the list of attacks complete, and does each patch that removes a defence still apply?
review host 3m Does the judge of the review exercises accept what is right, and refuse what cheats?
fuzz host 40s Do the corpora pass, and do the fuzz targets detect planted bugs?
async host 30s Do the queue and continued runs work on the engines of this process?
witness host 30s Do independent interpreters agree with bfk?
equal host 80s Do random programs end alike on the engines of this machine, whatever the optimiser does?
asan host 1m Do the sanitizers find nothing in the command, the service, the auditor and random programs?
machinery host 2m Do the guest, the benchmarks and the measurements of cost detect planted errors?
demo host 35s Does `make demo` copy a file in the kernel?
service host 12m Does bfkd serve, refuse and restart correctly, in a guest of each kernel?
END
    for kernel in "${kernels[@]}"; do
        echo "guest-$kernel guest 8m Does the device suite pass on Debian's $kernel, and do all four engines agree there?"
    done
    cat <<'END'
guest-debug named-guest 1h The same under KASAN, lockdep and kmemleak: does nothing complain? (make check-debug)
failures named 1h Does every failing allocation leave everything unchanged? (make check-debug)
planted named 1h Does that kernel detect mistakes planted in the module? (make check-debug)
guest-kcsan named-guest 1h The same with KCSAN: are there no data races? (make check-kcsan)
planted-race named 10m Does that kernel detect a race planted in the module? (make check-kcsan)
guest-6.1-rt named-guest 10m The same on Debian's PREEMPT_RT kernel 6.1 (make check-rt)
guest-6.12-rt named-guest 10m The same on Debian's PREEMPT_RT kernel 6.12 (make check-rt)
build-arm64 named 10m Does everything build for arm64? (make check-arm64)
guest-arm64 named-guest 30m The same on arm64, interpreted (make check-arm64)
guest-arm64-16k named-guest 10m The parts that depend on the page size, with pages of 16 KiB (make check-arm64)
END
}

# --- one line of TAP for a command that prints none ---------------------------------------------
as_test() { # NAME COMMAND...
    local name=$1 log
    shift
    log=$(mktemp)
    if "$@" >"$log" 2>&1 </dev/null; then
        echo "ok 1 - $name"
    else
        sed 's/^/# /' "$log" | tail -n 60
        echo "not ok 1 - $name"
    fi
    echo "1..1"
    rm -f "$log"
}

tap_of() { bats --formatter tap --timing "$@" </dev/null 2>&1; }

# --- the stages ---------------------------------------------------------------------------------
stage_deps() { as_test "deps (build, demo, test) are installed" tests/harness/deps.sh build demo test; }

stage_build() {
    as_test "the user-space programs build" make -s user
    as_test "they build with the sanitizers" make -s asan
    as_test "the test programs build" make -s test-programs
    as_test "Debian's kernels are there" make -s kernels
    as_test "the module builds for each, without a warning" make -s modules
}

stage_lint() { tests/source/lint.sh --tap; }

stage_loc() { as_test "the trusted code is within its budget of lines" tests/source/loc.sh; }

stage_unit() {
    build/tests/parse
    build/tests/check
    tap_of tests/unit
}

stage_oracle() {
    build/tests/oracle jit/x86_asm.h build/tests
    build/tests/sticky
    build/tests/layout
    tap_of tests/language/oracle
}

stage_optimise() {
    build/tests/tables tests/language/optimise/*.txt
    build/tests/nomem
    tests/language/optimise/linear.py tests/language/optimise/count.sh
    tap_of tests/language/optimise
}

stage_programs() {
    ENGINES="jit interp" tap_of tests/language/programs/{programs,examples}.bats tests/language/servers
}

stage_audit() { tap_of tests/security/audit; }

# A part of the proofs of `make prove`, and that they can fail.
stage_prove() {
    PROVE=quick as_test "the code of each op is proved to do what the op means" tests/language/prove/prove.sh
    tap_of tests/language/prove
}

# The attacks that run on this machine; the rest are in the device suite. `make attacks` tries the whole list.
stage_attacks() {
    build/tests/spray
    tap_of tests/security/mutants tests/security/attacks
}

# `make exercises-test` judges all exercises.
stage_review() { tap_of tests/security/review/{judge,guest}.bats; }

stage_fuzz() { tap_of tests/security/fuzz; }

# The queue and continued runs with the engines of this process; the device suite tests them with the
# kernel's.
stage_async() {
    local driver
    build/device/queue-jit
    build/device/queue-interp
    for driver in continued waited flushed halted args to_end to_end_signals load_numbers \
        stops stop_places stops_cut_short tape copy find now now_kinds now_order; do
        "build/device/$driver-local"
    done
    tap_of tests/kernel/async
}

stage_witness() { tap_of tests/language/programs/witness.bats; }

stage_equal() {
    build/tests/equal --count "$COUNT" --seed "$SEED"
    tap_of tests/language/equal
}

stage_asan() {
    build/tests/equal-asan --count $((COUNT / 50)) --max-len 4 --seed $((SEED + 1))
    BFK=$PWD/build/asan/bfk ENGINES="jit interp" tap_of tests/language/programs/{programs,examples}.bats
    BFK=$PWD/build/asan/bfk BFKD=$PWD/build/asan/bfkd IMAGE=$PWD/build/tests/image-asan \
        tap_of tests/unit/{bench,bfkd,check,cli,command,compile,dump,engine,hints,json,levels,load,run,slots,terminal}.bats tests/security/audit
}

stage_machinery() { tap_of tests/harness/vm tests/perf/bench tests/perf/cost; }

stage_demo() { as_test "the demo copies a file both ways, correctly" make -s demo; }

# The service has its own guests, in parallel with those of the device suite, which take longer.
stage_service() {
    local kernel failed=0
    for kernel in "${kernels[@]}"; do
        tests/harness/vm/run.sh -k "$kernel" -l "$logs/console-service-$kernel" -- \
            bats --formatter tap --timing tests/kernel/service || failed=1
    done
    return $failed
}

# A quiet machine needs 6 minutes, a busy one hours. Only a guest without output is hung: its longest
# case may take this long (tests/kernel/device/cases.h).
long=(-t 36000 -w 3600)

stage_guest() { # KERNEL
    local memory=2048
    case $1 in debug | kcsan) memory=3072 ;; esac
    tests/harness/vm/run.sh -k "$1" -m $memory "${long[@]}" -l "$logs/console-$1" -- tests/run.sh --in-guest
}

# Makes every allocation fail once.
stage_failures() {
    tests/harness/vm/run.sh -k debug -m 3072 "${long[@]}" -l "$logs/console-failures" -- \
        tests/kernel/device/run-in-guest.sh ../debug/failures
}

# The debug kernels find planted mistakes.
stage_planted() { tap_of tests/kernel/debug/planted.bats; }
stage_planted-race() { tap_of tests/kernel/debug/race.bats; }

# Another architecture.
stage_build-arm64() {
    as_test "deps (arm64) are installed" tests/harness/deps.sh arm64
    as_test "the module, the user-space programs and their tests build for arm64, without a warning" \
        tests/kernel/arm64/build.sh arm64,arm64-16k arm64-programs
    tap_of tests/kernel/arm64/build.bats
}

# In the guest: tests the device, and everything that has four engines.
in_guest() {
    local count failed=0 engines="kernel kernel-interp jit interp"
    if [ "$K" = arm64-16k ]; then # only tests that depend on the page size
        tests/kernel/device/run-in-guest.sh \
            requests load load_errors run dump mmap \
            language fuel in_out report large \
            ops ops_len ops_load ops_fields \
            registers registers_stopped effects \
            fuzz mapped taken edges memory
        return
    fi
    case $K in arm64*) engines="kernel kernel-interp interp" ;; esac # no machine code on arm64
    # shellcheck source=tests/harness/vm/guest.bash
    . tests/harness/vm/guest.bash
    count=$((COUNT / 250 / ${BFK_TEST_SLOW:-1}))
    export ENGINES=$engines BFK=$PWD/build/bfk
    tests/kernel/device/run-in-guest.sh || failed=1
    [ ! -d /sys/module/bfk ] || rmmod bfk # after a failure
    tests/kernel/device/run-in-guest.sh uring queue-uring queue-threads queue-denied \
        tests/kernel/async/{run,signals,counted}.bats || failed=1
    [ ! -d /sys/module/bfk ] || rmmod bfk
    tests/language/programs/quick.bash tests/language/programs/{programs,examples}.bats || failed=1
    [ ! -d /sys/module/bfk ] || rmmod bfk
    ENGINES="kernel kernel-interp" tests/language/programs/quick.bash tests/language/servers/servers.bats || failed=1
    [ ! -d /sys/module/bfk ] || rmmod bfk
    as_test "the module is loaded again" bfk_load
    build/tests/equal --engines "${engines// /,}" --count "$count" --max-len 3 --seed "$SEED" ||
        failed=1
    ENGINES=${engines// /,} as_test "the frames of the fuzzer's corpus do the same on all engines" \
        build/tests/frames-replay tests/security/fuzz/corpus/frames || failed=1
    as_test "the module is unloaded, and nothing has leaked" bfk_unload
    return $failed
}
