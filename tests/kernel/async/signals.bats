# SPDX-License-Identifier: GPL-2.0-only
# Signals and terminals: the output of '.' is seen in time, whatever ends bfk. On the kernel's engines if there is a
# device, else on those of this process.

# shellcheck disable=SC2016,SC2030,SC2031 # await and inner shells expand, and a test may have a bfk of its own
bats_require_minimum_version 1.5.0
load helpers

setup_file() {
    export engines="jit interp"
    [ ! -e /dev/bfk ] || engines="kernel kernel-interp"
    ulimit -c 0
}

setup_programs() {
    local data
    data=$(printf '>%.0s' {1..16})
    # A line to slot 3 by %w; then an A, which stays in the buffer, and a loop without end.
    {
        printf '>>+++>>>>+<<<<<<%s++++++++++%s+%%w%s' "$data" "${data//>/<}" "$data>"
        printf '+%.0s' {1..65}
        printf '.[]'
    } >stuck.bf
    mkfifo mark
    exec 5<>mark
}

# Prints the processor time that a process has used, in ticks.
ticks() {
    local stat
    read -r -a stat <"/proc/$1/stat"
    echo $((stat[13] + stat[14]))
}

# Waits until $pid has written its line to mark, and then until it is in its loop: it has used processor time since.
await_loop() {
    local start
    read -r <&5
    start=$(ticks "$pid")
    until [ "$(ticks "$pid")" -gt $((start + 2)) ]; do sleep 0.01; done
}

# start [ARGUMENT]...: starts bfk run in the background, where the shell would have it ignore signals. Sets $pid.
start() {
    env --default-signal "$bfk" run "$@" 2>said 3>&- 5>&- &
    pid=$!
}

# ended STATUS: waits for $pid, which must end with this status.
ended() {
    local status=0
    wait "$pid" || status=$?
    [ $status = "$1" ] || { echo "status $status, not $1"; cat said; return 1; }
}

await() { # COMMAND...
    until "$@"; do sleep 0.01; done
}

@test "run (a signal ends it, output is a file): the output of '.' is written, and it dies of that signal" {
    setup_programs
    for engine in $engines; do
        for signal in HUP INT QUIT ALRM TERM USR2 XCPU XFSZ VTALRM PROF; do
            start -E "$engine" stuck.bf 1=out:w 3=mark:w
            await_loop
            kill -$signal $pid
            ended $((128 + $(kill -l $signal)))
            [ "$(<out)" = A ] || { echo "$engine, $signal: $(<out)"; return 1; }
            [ ! -s said ]
        done
    done
}

@test "run (a signal ends it, output is a pipe): the output of '.' is written" {
    setup_programs
    mkfifo pipe
    for engine in $engines; do
        cat pipe >out 5>&- &
        reader=$!
        start -E "$engine" stuck.bf 1=pipe:w 3=mark:w
        await_loop
        kill -TERM $pid
        ended 143
        wait $reader
        [ "$(<out)" = A ]
    done
}

@test "run (two signals at once, as timeout sends them): the output of '.' is written" {
    setup_programs
    for engine in $engines; do
        start -E "$engine" stuck.bf 1=out:w 3=mark:w
        await_loop
        kill -TERM $pid $pid
        ended 143
        [ "$(<out)" = A ]
    done
}

@test "run (a signal, and the pipe is full): it dies of that signal, and the pipe has its output" {
    for engine in $engines; do
        mkfifo "$engine.pipe"
        exec 6<>"$engine.pipe"
        start -E "$engine" -e '+[.]' 1="$engine.pipe:w" 6>&-
        await grep -q ' S ' /proc/$pid/stat
        kill -TERM $pid
        ended 143
        run -0 head -c 4096 <&6
        [ "$output" = "$(printf '\001%.0s' {1..4096})" ]
    done
}

@test "run (a signal that was ignored): it continues" {
    setup_programs
    for engine in $engines; do
        (trap '' TERM; exec "$bfk" run -E "$engine" stuck.bf 1=out:w 3=mark:w 2>said 3>&- 5>&-) &
        pid=$!
        await_loop
        kill -TERM $pid
        kill -USR1 $pid
        await grep -q '^fuel used:' said
        kill -KILL $pid
        ended 137
    done
}

@test "run (a signal while the program is read): it dies of that signal" {
    mkfifo program
    start -E jit program
    await grep -q ' S ' /proc/$pid/stat
    kill -TERM $pid
    ended 143
}

@test "run (a signal while it waits for input, or sleeps): it dies of that signal" {
    mkfifo silent
    for engine in $engines; do
        for program in cat sleep; do
            start -E "$engine" --stats $program.bf 0=silent:rw
            await grep -q ' S ' /proc/$pid/stat
            kill -INT $pid
            ended 130
        done
    done
}

@test "run (the reader of its output is gone): it dies of SIGPIPE, and --stats is printed" {
    for engine in $engines; do
        run -141 bash -c '{ "$@" 2>said; echo $? >status; } | true; exit $(<status)' x "$bfk" run -E "$engine" --stats -e '+[.]'
        grep '^status: *signal (Broken pipe)' said
    done
}

@test "run --stats (a signal ends it) prints them" {
    setup_programs
    for engine in $engines; do
        start -E "$engine" --stats stuck.bf 1=out:w 3=mark:w
        await_loop
        kill -TERM $pid
        ended 143
        grep '^status: *signal (Terminated)' said
        grep '^written: *2 bytes' said
        grep '^fuel used: *[1-9]' said
    done
}

@test "run (SIGUSR1 while it computes) prints statistics and continues" {
    setup_programs
    for engine in $engines; do
        start -E "$engine" stuck.bf 1=out:w 3=mark:w
        await_loop
        for i in 1 2 3; do
            kill -USR1 $pid
            await eval '[ "$(grep -c "^fuel used:" said)" = $i ]'
        done
        [ "$(grep -c '^status: *running' said)" = 3 ]
        kill -TERM $pid
        ended 143
        [ "$(grep -c '^fuel used:' said)" = 3 ]
    done
}

@test "run (SIGUSR1 while it waits for input) prints statistics, and no input is lost" {
    mkfifo in
    exec 6<>in
    for engine in $engines; do
        start -E "$engine" -e ',.,.' 0=in:rw 1=out:w 6>&-
        await grep -q ' S ' /proc/$pid/stat
        kill -USR1 $pid
        await grep -q '^fuel used:' said
        grep '^status: *running' said
        printf AB >&6
        ended 0
        [ "$(<out)" = AB ]
    done
}

@test "run (SIGUSR1 after its end, while --tape-out waits for a reader): it is ignored" {
    mkfifo tape
    for engine in $engines; do
        start -E "$engine" -e '+++' --tape-out tape
        await grep -q ' S ' /proc/$pid/stat
        kill -USR1 $pid
        [ "$(od -An -tu1 -N1 tape)" -eq 3 ]
        ended 0
        [ ! -s said ]
    done
}

@test "run --async (a signal ends it): each program's output is written, its end is reported, and bfk dies of that signal" {
    setup_programs
    mkfifo silent
    for engine in $engines; do
        start --async -E "$engine" --stats stuck.bf 1=out:w 3=mark:w cat.bf 0=silent:rw a.bf 1=a.out:w
        await_loop
        kill -TERM $pid
        ended 143
        [ "$(<out)$(<a.out)" = AA ]
        grep '^bfk: stuck.bf: signal after' said
        grep '^bfk: cat.bf: signal after' said
        [ "$(grep -c '^status: *signal (Terminated)' said)" = 2 ]
    done
}

@test "run --async (SIGUSR1) prints statistics of each program that runs, and they continue" {
    setup_programs
    mkfifo silent
    exec 6<>silent
    for engine in $engines; do
        start --async -E "$engine" stuck.bf 1=out:w 3=mark:w cat.bf 0=silent 1=copy:w 6>&-
        await_loop
        kill -USR1 $pid
        await eval '[ "$(grep -c "^fuel used:" said)" = 2 ]'
        grep -A3 '^stuck.bf:$' said | grep '^status: *running'
        grep '^cat.bf:$' said
        echo hello >&6
        exec 6>&-
        await grep -q '^bfk: cat.bf: ended' said
        [ "$(<copy)" = hello ]
        kill -TERM $pid
        ended 143
        [ "$(<out)" = A ]
        exec 6<>silent
    done
}

@test "run (output is a terminal): the output of '.' is seen while the program computes" {
    for engine in $engines; do
        run -0 "$BATS_TEST_DIRNAME/../../../build/device/terminal" A 9 "$bfk" run -E "$engine" -e '++++++++[>++++++++<-]>+.[]'
        [ "${lines[0]}" = A ]
        [ "${lines[1]}" = 9 ]
    done
}

@test "run --async (output is a terminal): the output of '.' is seen while the program computes" {
    printf '++++++++[>++++++++<-]>+.[]' >shown.bf
    for engine in $engines; do
        run -0 "$BATS_TEST_DIRNAME/../../../build/device/terminal" A 9 "$bfk" run --async -E "$engine" shown.bf a.bf 1=a.out:w
        [ "$(tr -cd A <<<"$output")" = A ]
    done
}

@test "run --fuel (output is a terminal, so fuel is given in parts) ends and counts as in one part" {
    mandelbrot=$(realpath "$BATS_TEST_DIRNAME/../../../examples/mandelbrot.bf")
    for engine in $engines; do
        run -0 script -qec "'$bfk' run -E $engine --fuel 9000000 --stats -e '+.[]' || echo status \$?" /dev/null
        [[ $output = *'out of fuel after 9000000 loop iterations'*'status:       out of fuel'*'fuel used:    9000000'*'status 1'* ]]
        run -0 script -qec "'$bfk' run -E $engine -O0 --stats '$mandelbrot' 2>said" /dev/null
        "$bfk" run -E "$engine" -O0 --stats "$mandelbrot" 2>said_too >out
        [ "$(tr -d '\r' <<<"$output")" = "$(<out)" ]
        diff <(grep -v ^time: said) <(grep -v ^time: said_too)
    done
}

@test "run --stats (an operation failed before %q, and others worked) names it, and the status is that of %q" {
    # %r from slot 7, %i, %q with 3.
    printf '+>>+++++++<<%%r\n[-]+%%i>>>+++<<<[-]+%%q' >fails.bf
    for engine in $engines; do
        for level in 0 2; do
            run -3 --separate-stderr "$bfk" run -E "$engine" -O$level --stats fails.bf
            [[ $stderr = *'last failure: %r (read) failed: Bad file descriptor, at 1:13'* ]]
            [[ $stderr = *'%-operations: 3'* ]]
        done
        "$bfk" compile -o fails.bfo fails.bf
        run -3 --separate-stderr "$bfk" run -E "$engine" --stats fails.bfo
        [[ $stderr = *'last failure: %r (read) failed: Bad file descriptor, op '* ]]
        run -3 --separate-stderr "$bfk" run -E "$engine" fails.bf
        [ -z "$stderr" ]
        run -5 --separate-stderr "$bfk" run -E "$engine" --stats quit.bf
        [[ $stderr != *'last failure'* ]]
    done
}
