# SPDX-License-Identifier: GPL-2.0-only
# bfk run --async, on the kernel's engine if there is a device, else on those of this process.

bats_require_minimum_version 1.5.0
load helpers

setup_file() {
    export engines="jit interp"
    [ ! -e /dev/bfk ] || engines=kernel
}

@test "run --async (several programs): all run, each with the files that follow it, exit status 0" {
    for engine in $engines; do
        run -0 --separate-stderr "$bfk" run --async -E "$engine" a.bf 1=a.out:w b.bf 1=b.out:w cat.bf 0=a.bf
        [ "$(<a.out)" = A ]
        [ "$(<b.out)" = B ]
        [ "$output" = "$(<a.bf)" ]
        [ "${#stderr_lines[@]}" = 3 ]
        [[ $stderr =~ 'bfk: a.bf: ended after '[0-9]+\.[0-9]{3}' s' ]]
    done
}

@test "run --async (programs that wait for each other): they run at the same time" {
    mkfifo forth back
    # Opened for reading and writing, so that opening does not wait.
    for engine in $engines; do
        printf ',.' >echo.bf
        printf '+++++[>++++++++<-]>+.,' >ask.bf
        run -0 --separate-stderr timeout 300 "$bfk" run --async -E "$engine" \
            echo.bf 0=forth:rw 1=back:rw ask.bf 1=forth:rw 0=back:rw
        [ "${#stderr_lines[@]}" = 2 ]
    done
}

@test "run --async (long and short programs): results come as programs end" {
    for engine in $engines; do
        run -1 --separate-stderr "$bfk" run --async -E "$engine" sleep.bf quit.bf a.bf
        [ "$output" = A ]
        [[ ${stderr_lines[2]} =~ 'bfk: sleep.bf: ended after '([0-9]+)\. ]]
        [ "${BASH_REMATCH[1]}" -ge 4 ] # 255 * 2^24 ns
    done
}

@test "run --async (one program quits or fails): exit status 1, and the others run" {
    for engine in $engines; do
        run -1 --separate-stderr "$bfk" run --async -E "$engine" quit.bf a.bf
        [ "$output" = A ]
        [[ $stderr = *'bfk: quit.bf: quit with 5 after '* ]]
        run -1 --separate-stderr "$bfk" run --async -E "$engine" bad.bf 0=a.bf a.bf
        [ "$output" = A ]
        [[ $stderr = *'bfk: bad.bf:1:2: %w (write) failed: Bad file descriptor'* ]]
    done
}

@test "run --async (Ctrl-C): ends, whatever the programs do" {
    mkfifo silent
    for engine in $engines; do
        run -124 timeout -s INT -k 300 0.5 "$bfk" run --async -E "$engine" loop.bf cat.bf 0=silent:rw
    done
}
