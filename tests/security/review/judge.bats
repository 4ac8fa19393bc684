#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# The judge of the exercises: what it concludes from logs, and from guests that fake-guest.sh fakes.
# shellcheck disable=SC2016,SC2028,SC2030,SC2031 # functions for fake-guest.sh, in quotes

bats_require_minimum_version 1.5.0

repo=$(cd "$BATS_TEST_DIRNAME/../../.." && pwd)
load "$repo/examples/review/review.bash"
load "$repo/examples/review/judge.bash"

setup() {
    cd "$repo" || return
    console=$BATS_TEST_TMPDIR/console
    log=$BATS_TEST_TMPDIR/log
    export REVIEW_VM=$BATS_TEST_DIRNAME/fake-guest.sh FAKE=$BATS_TEST_TMPDIR/fake K=6.12 ROUNDS=3
    printf 'int main(void) { return 1; }\n' >"$BATS_TEST_TMPDIR/my.c"
    exploit=$BATS_TEST_TMPDIR/my.c
}

# The judge, with faked guests and modules that are empty files; its other parts are real.
exercise() {
    bash -c '
        . examples/review/exercise.sh
        root=$1
        build_module() { mkdir -p "$2" && echo "$K" >"$2/bfk.ko" && echo "built ${2##*/} for $K"; }
        build_judge() { :; }
        make() { :; }
        main "${@:2}"' fake "$BATS_TEST_TMPDIR/exercise" "$@"
}

fix() { # makes some change to the sources of exercise 9
    exercise check 9 >/dev/null || :
    echo '/* fixed */' >>"$BATS_TEST_TMPDIR/exercise/9/src/bfk/dev.c"
}

says() { printf '[ 1.0] bfk-test: review T: %s\r\n' "$@"; }
kernel() { printf '[ 2.0] %s\r\n' "$@"; }

verdict() { # EXPECTED [ENDED]: of the console log on standard input
    cat >"$console"
    diff <(printf '%s' "${1:+$1$'\n'}") <(judge_rounds "$console" T "${2:-125}" | cut -d' ' -f1,2)
}

@test "a round that the guest has not said that it begins has no verdict, whatever the kernel says" {
    : | verdict ''
    kernel 'Kernel panic - not syncing: IO-APIC + timer' | verdict ''
    kernel 'BUG: soft lockup' | verdict '' 124
    { kernel 'WARNING: at boot'; says '1 loads'; } | verdict ''
}

@test "a round that begins and does not end has a verdict if the kernel complains after that, and none if QEMU just ends" {
    says '1 loads' '1 begins' | verdict ''
    says '1 loads' '1 begins' | verdict '' 124
    { says '1 loads' '1 begins'; kernel 'BUG: unable to handle page fault'; } | verdict '1 shown'
}

@test "complaints about a stall (a busy machine has them too) count only if the guest never said anything again" {
    { says '1 loads' '1 begins'; kernel 'watchdog: BUG: soft lockup - CPU#0' 'Call Trace:'; says '1 not-shown'; } | verdict '1 not-shown' 125
    { says '1 loads' '1 begins'; kernel 'rcu: INFO: rcu_preempt self-detected stall'; } | verdict '' 125
    { says '1 loads' '1 begins'; kernel 'rcu: INFO: rcu_preempt self-detected stall'; } | verdict '1 shown' 124
}

@test "what the kernel says while the next module is loaded is about the last round, and in the first round about the module" {
    { says '1 loads' '1 begins' '1 not-shown' '2 loads'; kernel 'Oops: 0000'; } | verdict '1 shown'
    { says '1 loads'; kernel 'Oops: 0000'; } | verdict '1 no-module'
    says '1 loads' '1 begins' '1 shown' '2 loads' '2 no-module' | verdict $'1 shown\n2 no-module' 0
}

@test "an exploit that does not end in time has not shown the bug, and the verdict says so" {
    says '1 loads' '1 begins' '1 late' >"$console"
    run -0 judge_rounds "$console" T 0
    [ "$output" = '1 not-shown the exploit did not end in time' ]
}

@test "a verdict that does not have the token of this guest is none" {
    printf '[ 1.0] bfk-test: review %s\r\n' 'X: 1 loads' 'X: 1 begins' 'X: 1 shown' | verdict ''
    { says '1 loads' '1 begins'; printf '[ 1.0] bfk-test: review : 1 not-shown\r\n'; says '1 shown'; } | verdict '1 shown'
    { says '1 loads' '1 begins' '1 not-shown'; printf '[ 1.0] user: bfk-test: review X: 1 shown\r\n'; } | verdict '1 not-shown'
}

@test "a sound module shown to be broken counts only in the first round of a guest" {
    run -0 judge_final < <(printf '%s\n' '1 shown shown later a' '2 not-shown shown later b' '3 not-shown shown first c' '4 not-shown not-shown later d')
    [ "$output" = $'1 shown shown later a\n3 not-shown shown first c\n4 not-shown not-shown later d' ]
}

@test "the cases of the device suite that failed, drivers that leaked, and where its log ends are listed" {
    cat >"$log" <<'END'
ok 1 the module can be inserted
not ok 2 file: %o (dot-dot, absolute) # 3.1 s
ok 3 file: %r
not ok 4 file: nothing leaked
not ok 5 file: only 2 of 9 cases ran
not ok 6 the module can be removed
1..6
# 6 tests, 4 failed
END
    diff <(judge_suite "$log" file) - <<<$'file\t%o (dot-dot, absolute)\nfile\nmodule'
    printf '%s\n' 'ok 1 the module can be inserted' 'ok 2 file: %r' 'ok 3 file: nothing leaked' 'ok 4 ops: a' >"$log"
    [ "$(judge_suite "$log" file ops language)" = ops ]
    printf '%s\n' 'ok 1 the module can be inserted' 'ok 2 file: %r' 'ok 3 file: nothing leaked' '# 3 tests, 0 failed' >"$log"
    [ -z "$(judge_suite "$log" file)" ]
}

@test "a case that is run again passes, fails, crashes the kernel, or was not run" {
    : >"$console"
    echo 'ok 1 - x' >"$log"
    run -0 judge_again "$log" "$console" 0
    run -4 judge_again "$log" "$console" 125
    echo 'not ok 1 - x' >"$log"
    run -1 judge_again "$log" "$console" 1
    : >"$log"
    run -4 judge_again "$log" "$console" 0
    kernel 'Kernel panic at boot' >"$console"
    run -4 judge_again "$log" "$console" 125
    kernel 'bfk-test: case one' 'BUG: unable to handle' >"$console"
    run -1 judge_again "$log" "$console" 125
    kernel 'bfk-test: case one' 'watchdog: BUG: soft lockup' >"$console"
    run -4 judge_again "$log" "$console" 125
}

@test "check (the bug is shown on the broken module alone; no fix) ends with 3, and with a fix that passes with 0" {
    echo 'answer() { if [ $1 = broken ]; then echo shown; else echo not-shown; fi; }
        suite() { printf "%s\n" "ok 1 the module can be inserted" "ok 2 load: nothing leaked" "# 2 tests, 0 failed"; }' >"$FAKE"
    run -3 exercise check 9 "$exploit"
    [[ $output == *'my.c shows the bug'*'no fix yet'* ]]
    [ "$(<"$FAKE.guests")" = 1 ]
    fix
    run -0 exercise check 9 "$exploit"
    [[ $output == *'your fix works'* ]]
}

@test "check (the kernel crashes in each broken round) needs a guest for each and shows what the kernel said" {
    echo 'answer() { if [ $1 = broken ]; then echo crash; else echo not-shown; fi; }' >"$FAKE"
    run -3 exercise check 9 "$exploit"
    [[ $output == *'kernel: [    2.000000] BUG: unable to handle page fault'*'shows the bug'* ]]
    [ "$(<"$FAKE.guests")" -ge 3 ]
}

@test "check (an exploit that does nothing; QEMU fails once, or always) does not accept it" {
    echo 'answer() { echo not-shown; }' >"$FAKE"
    run -1 exercise check 9 "$exploit"
    [[ $output == *'does not show the bug'* ]]
    echo 'answer() { echo not-shown; }; boots() { [ $1 != 1 ]; }' >"$FAKE"
    rm "$FAKE.guests"
    run -1 exercise check 9 "$exploit"
    [[ $output == *'trying once more'*'does not show the bug'* ]]
    echo 'boots() { false; }' >"$FAKE"
    run -4 exercise check 9 "$exploit"
    [[ $output == *'trying once more'*'not judged'* ]]
    echo 'answer() { echo die; }' >"$FAKE"
    run -4 exercise check 9 "$exploit"
    [[ $output == *'not judged'* ]]
}

@test "check (QEMU fails once while a right fix is judged) accepts it" {
    fix
    echo 'answer() { if [ $1 = broken ]; then echo shown; else echo not-shown; fi; }; boots() { [ $1 != 2 ]; }
        suite() { printf "%s\n" "ok 1 the module can be inserted" "ok 2 load: nothing leaked" "# 2 tests, 0 failed"; }' >"$FAKE"
    run -0 exercise check 9 "$exploit"
    [[ $output == *'trying once more'*'your fix works'* ]]
}

@test "check (an exploit that always says it saw the bug, or crashes any guest) is refused: it shows something else" {
    for cheat in shown crash; do
        echo "answer() { echo $cheat; }" >"$FAKE"
        run -1 exercise check 9 "$exploit"
        [[ $output == *'shows the same on bfk without the bug'* || $output == *'does not show the bug'* ]]
    done
}

@test "check (an exploit that guesses) is refused: its verdict does not follow the module" {
    # It says so in the first half of the rounds.
    echo 'answer() { echo x >>"$FAKE.n"; if [ $(wc -l <"$FAKE.n") -le 5 ]; then echo shown; else echo not-shown; fi; }' >"$FAKE"
    accepted=0
    for _ in 1 2 3 4; do
        rm -f "$FAKE.n"
        status=0
        ROUNDS=5 exercise check 9 "$exploit" >"$log" || status=$?
        [ $status = 1 ] || accepted=$((accepted + 1))
    done
    [ $accepted -le 1 ] # the order is random, and one in 252 is the one that it says
}

@test "check (a broken module harms the kernel, so that the sound one seems broken later) judges the sound one in a new guest" {
    # Sound modules crash in a guest in which a broken one has been loaded.
    echo 'answer() {
        [ $1 != broken ] || { touch "$FAKE.harm.$number"; echo shown; return; }
        if [ -e "$FAKE.harm.$number" ]; then echo crash; else echo not-shown; fi; }' >"$FAKE"
    run -3 exercise check 9 "$exploit"
    [[ $output == *'my.c shows the bug'* ]]
}

@test "check (an exploit that is not reliable) is refused, and the output says that it was shown another time" {
    echo 'answer() { [ $1 = broken ] || { echo not-shown; return; }
        if [ -e "$FAKE.once" ]; then echo not-shown; else touch "$FAKE.once"; echo shown; fi; }' >"$FAKE"
    run -1 exercise check 9 "$exploit"
    [[ $output == *'it has to each time'* ]]
}

@test "check (a time limit that runs out) says which one, and how to allow more" {
    echo 'answer() { echo late; }' >"$FAKE"
    run -1 exercise check 9 "$exploit"
    [[ $output == *'for at most 60 s each'*'LIMIT=300 allows more'* ]]
}

@test "check (a test fails with the fix once, or with the sound module too) accepts the fix" {
    fix
    answers='answer() { if [ $1 = broken ]; then echo shown; else echo not-shown; fi; }'
    first='if [[ $2 = */run-in-guest.sh ]]; then printf "%s\n" "ok 1 the module can be inserted" "not ok 2 load: a (b)" "ok 3 load: nothing leaked" "# 3 tests, 1 failed"; return 1; fi'
    echo "$answers; suite() { $first; echo ok 1 - again; }" >"$FAKE"
    run -0 exercise check 9 "$exploit"
    [[ $output == *'running it again: load: a (b)'*'your fix works'* ]]
    echo "$answers; suite() { $first; echo not ok 1 - again; return 1; }" >"$FAKE"
    run -0 exercise check 9 "$exploit"
    [[ $output == *'your fix works'* ]]
}

@test "check (a test fails twice with the fix and passes with the sound module, so that something is missing) refuses the fix" {
    fix
    echo 'answer() { if [ $1 = broken ]; then echo shown; else echo not-shown; fi; }
        suite() {
            [ $1 = fixed ] || { echo "ok 1 - again"; return; }
            printf "%s\n" "ok 1 the module can be inserted" "not ok 2 load: a (b)" "ok 3 load: nothing leaked" "# 3 tests, 1 failed"
            return 1; }' >"$FAKE"
    run -1 exercise check 9 "$exploit"
    [[ $output == *'your fix breaks something: load: a (b)'* ]]
}

@test "check (the guest dies in the device suite without a word, again and again) is not judged; a crash in a case refuses the fix" {
    fix
    answers='answer() { if [ $1 = broken ]; then echo shown; else echo not-shown; fi; }'
    dies='printf "%s\n" "ok 1 the module can be inserted" "ok 2 load: a"'
    echo "$answers; suite() { $dies; return 125; }" >"$FAKE"
    run -4 exercise check 9 "$exploit"
    [[ $output == *'not judged'* ]]
    echo "$answers; suite() { [ \$1 = fixed ] || { echo ok 1 - again; return; }
        kernel 'bfk-test: case a'; kernel 'BUG: unable to handle page fault'; $dies; return 125; }" >"$FAKE"
    run -1 exercise check 9 "$exploit"
    [[ $output == *'your fix breaks something: load'* ]]
}

@test "check (a fix that cannot be loaded, or is another module) refuses the fix" {
    fix
    echo 'answer() { case $1 in broken) echo shown ;; fixed) echo no-module ;; *) echo not-shown ;; esac; }' >"$FAKE"
    run -1 exercise check 9 "$exploit"
    [[ $output == *'your fix does not work: it cannot be loaded'* ]]
}

@test "check (the bug is still shown, by the exploit or the judge's own) refuses the fix" {
    fix
    echo 'answer() { if [ $1 = sound ]; then echo not-shown; else echo shown; fi; }' >"$FAKE"
    run -1 exercise check 9 "$exploit"
    [[ $output == *'an exploit still shows the bug'* ]]
}

@test "check (no exploit and no fix, or a fix without an exploit) judges nothing, and ends with 4" {
    echo 'answer() { echo not-shown; }' >"$FAKE"
    run -4 exercise check 9
    [[ $output == *'EXPLOIT=FILE is missing'* ]]
    fix
    run -4 exercise check 9
    [[ $output == *'judged together with an exploit'*'EXPLOIT=FILE is missing'* ]]
    [ ! -e "$FAKE.guests" ]
}

@test "check (a fix with a Makefile of its own) builds with bfk's Makefile" {
    fix
    echo '$(shell touch cheated)' >>"$BATS_TEST_TMPDIR/exercise/9/src/Makefile"
    echo 'answer() { if [ $1 = broken ]; then echo shown; else echo not-shown; fi; }' >"$FAKE"
    exercise check 9 "$exploit" || :
    cmp Makefile "$BATS_TEST_TMPDIR/exercise/9/src/Makefile"
}

@test "check (another kernel than last time) builds the modules for that kernel" {
    echo 'answer() { if [ $1 = broken ]; then echo shown; else echo not-shown; fi; }' >"$FAKE"
    for kernel in 6.1 6.12 7.3; do
        K=$kernel run -3 exercise check 9 "$exploit"
        [[ $output == *"built broken for $kernel"* ]]
    done
}

@test "check (bfk has changed since the exercise was begun) says so, and ends with 2" {
    exercise check 9 || :
    echo 0 >"$BATS_TEST_TMPDIR/exercise/9/sum"
    run -2 exercise check 9 "$exploit"
    [[ $output == *'bfk has changed since you began exercise 9'* ]]
}

@test "wrong arguments (exercise, level, exploit, limit, rounds, kernel) end with 2 and a message that names them" {
    run -2 exercise hint 1 4
    [[ $output == *"LEVEL is 1, 2 or 3, not '4'"* ]]
    run -2 exercise hint 1 ''
    [[ $output == *'LEVEL is 1, 2 or 3'* ]]
    for command in hint solution try check start; do
        run -2 exercise $command 99 1
        [[ $output == *"no exercise '99', only 1 to "* ]]
        run -2 exercise $command '' 1
        [[ $output == *'which exercise? N=1 to N='* ]]
        run -2 exercise $command abc 1
        [[ $output == *"no exercise 'abc'"* ]]
    done
    run -2 exercise try 9
    [[ $output == *'EXPLOIT=FILE is missing'* ]]
    run -2 exercise check 9 "$BATS_TEST_TMPDIR/none.c"
    [[ $output == *'there is no such file'* ]]
    run -2 exercise check 9 Makefile
    [[ $output == *'an exploit is a .bf or a .c file'* ]]
    echo 'int main(void) { return x; }' >"$BATS_TEST_TMPDIR/my.c"
    run -2 exercise check 9 "$exploit"
    [[ $output == *'does not compile'* ]]
    LIMIT=0 run -2 exercise check 9 "$exploit"
    [[ $output == *"LIMIT is a number of seconds, not '0'"* ]]
    ROUNDS=x run -2 exercise check 9 "$exploit"
    [[ $output == *"ROUNDS is a number"* ]]
    K=5.10 run -2 exercise check 9 "$exploit"
    [[ $output == *"no kernel '5.10'"* ]]
    run -2 exercise chekc 9
}

@test "08 and 8 are the same exercise" {
    diff <(exercise hint 08 1) <(exercise hint 8 1)
    diff <(exercise solution 008) <(exercise solution 8)
    exercise check 08 || :
    [ -d "$BATS_TEST_TMPDIR/exercise/8/src" ]
}

@test "a solution says where the explanation, the patch and the exploit begin" {
    run -0 exercise solution 1
    [[ $output == '=== what is wrong'*'=== the bug, as a patch'*'--- a/jit/x86_asm.h'*'=== an exploit: exploit.bf'* ]]
}

@test "try (an exploit on the broken module alone) shows what happens, and needs one guest" {
    echo 'answer() { if [ $1 = broken ]; then echo crash; else exit 1; fi; }' >"$FAKE"
    run -0 exercise try 9 "$exploit"
    [[ $output == *'kernel: '*'BUG: unable to handle'*'it shows the bug'* ]]
    [ "$(<"$FAKE.guests")" = 1 ]
    echo 'answer() { echo not-shown; }' >"$FAKE"
    run -1 exercise try 9 "$exploit"
    echo 'boots() { false; }' >"$FAKE"
    run -4 exercise try 9 "$exploit"
}

@test "the skeletons of exploits are there when an exercise is begun, and show no bug of bfk itself" {
    exercise check 9 || :
    run -0 gcc -std=gnu11 -O1 -Wall -Werror -D_GNU_SOURCE -I. -static -pthread -o "$BATS_TEST_TMPDIR/skeleton" "$BATS_TEST_TMPDIR/exercise/9/work/exploit.c"
    [ "$(build/bfk run --engine interp "$BATS_TEST_TMPDIR/exercise/9/work/exploit.bf")" = A ]
}

@test "each exercise has a row of data: its user, and drivers that there are" {
    while read -r n _; do
        [[ $(review_user "$n") = user || $(review_user "$n") = root ]]
        [ "$(review_drivers "$n" | wc -l)" -ge 1 ]
        while read -r driver; do
            compgen -G "tests/kernel/device/$driver.c" || compgen -G "tests/security/attacks/$driver.c" || { echo "exercise $n: no driver $driver"; return 1; }
        done < <(review_drivers "$n")
    done < <(review_list)
}

@test "the solutions' exploits compile" {
    local n folder
    while read -r n folder; do
        [ -e "$folder/exploit.c.rot13" ] || continue
        review_decode <"$folder/exploit.c.rot13" >"$BATS_TEST_TMPDIR/solution.c"
        gcc -std=gnu11 -O1 -Wall -Werror -D_GNU_SOURCE -I. -fsyntax-only "$BATS_TEST_TMPDIR/solution.c" || { echo "exercise $n"; return 1; }
    done < <(review_list)
}
