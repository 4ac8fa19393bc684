#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# attack.sh PLAN - in the guest, as root: runs exploits, one round for each line of the file PLAN,
#
#     ROUND <tab> MODULE <tab> EXPLOIT <tab> USER (user or root)
#
# in a jail in which all rounds look alike (jail.c): MODULE is loaded from one path, and the user's id is another one
# in every round. An exploit in C is a program: status 0 means that it saw the bug. A .bf is run by the kernel and by the
# interpreter of this process, with input from FILE.in if that exists: a difference is a bug.
#
# What counts is what this script writes to the kernel's log, the guest's words (review.bash reads them; the exploit cannot
# write there, and the kernel prints its last complaint after them):
#
#     bfk-test: review TOKEN: ROUND loads          the module is loaded now
#     bfk-test: review TOKEN: ROUND begins         it is, and the exploit starts
#     bfk-test: review TOKEN: ROUND RESULT         shown, not-shown, late, or no-module (it cannot be loaded)
#
# TOKEN and the seconds per run, LIMIT, come from the environment.
set -uo pipefail

cd "$(dirname "$0")/../.." || exit 2
# shellcheck source=tests/harness/vm/guest.bash
. tests/harness/vm/guest.bash
plan=${1:?usage: attack.sh PLAN}
limit=${LIMIT:?} token=${TOKEN:?}
unset BFK_MODULE
place=/run/review jail=/run/review/jail

word() { # ROUND RESULT
    echo "<4>bfk-test: review $token: $1 $2" >/dev/kmsg
    echo "review: round $1: $2"
}

make_jail() {
    echo on >/proc/sys/kernel/printk_devkmsg # no word may be dropped
    mkdir -p $jail
    chmod 700 $place
    mount -t tmpfs -o mode=755 jail $jail
    mkdir -p $jail/{dev,etc,proc,tmp,dev/shm}
    echo 'root:x:0:0::/:' >$jail/etc/passwd
    mknod -m 666 $jail/dev/null c 1 3
    mknod -m 666 $jail/dev/zero c 1 5
    mknod -m 666 $jail/dev/full c 1 7
    mknod -m 666 $jail/dev/random c 1 8
    mknod -m 666 $jail/dev/urandom c 1 9
    ln -s /proc/self/fd $jail/dev/fd
    install -m 755 build/bfk $jail/bfk
}

load_module() { # MODULE
    local numbers
    cp "$1" $place/bfk.ko
    insmod $place/bfk.ko && numbers=$(</sys/class/misc/bfk/dev) || return
    rm -f $jail/dev/bfk
    # shellcheck disable=SC2086 # two words
    mknod -m 666 $jail/dev/bfk c ${numbers/:/ }
}

print_output() { # FILE
    head -c 4000 "$1" | cat -v | sed 's/^/    | /'
}

# Runs a command of the jail; sets $outcome.
run_jailed() { # OUTPUT COMMAND...
    local out=$1
    shift
    $place/run "$limit" "$user" $jail "$@" <"$input" >"$out" 2>&1 3>$place/outcome
    outcome=$(<$place/outcome)
}

# Sets $result, from $outcome and whether what ran has seen the bug.
conclude() { # YES-OR-NO
    result=not-shown
    [ "$1" = no ] || result=shown
    case $outcome in
        failed* | '') result=failed ;;
        time) result=late ;;
    esac
    case $outcome in
        *stuck)
            echo "    SIGKILL does not end a process of it"
            result=shown
            ;;
    esac
}

attack_c() {
    run_jailed $place/out "/$name"
    print_output $place/out
    echo "    it ended: $outcome"
    case $outcome in
        'exit 0'*) conclude yes ;;
        *) conclude no ;;
    esac
}

attack_bf() {
    local level kernel
    for level in 2 0; do
        run_jailed $place/interp.out /bfk run --engine interp "-O$level" "/$name.bf"
        kernel=$outcome
        conclude no
        [ $result = not-shown ] || return
        run_jailed $place/kernel.out /bfk run --engine kernel "-O$level" "/$name.bf"
        conclude no
        [ $result = not-shown ] || return
        [ "$kernel" != "$outcome" ] || ! cmp -s $place/kernel.out $place/interp.out || continue
        echo "    -O$level: the kernel gives ($outcome):"
        print_output $place/kernel.out
        echo "    and the interpreter ($kernel):"
        print_output $place/interp.out
        conclude yes
        return
    done
}

prepare() { # EXPLOIT
    input=/dev/null name=x$RANDOM$RANDOM
    rm -f $jail/x*
    case $1 in
        *.bf)
            install -m 644 "$1" $jail/$name.bf
            [ ! -e "${1%.bf}.in" ] || input=${1%.bf}.in
            ;;
        *) install -m 755 "$1" $jail/$name ;;
    esac
}

round() { # ROUND MODULE EXPLOIT USER
    local number=$1 exploit=$3
    user=0
    [ "$4" = root ] || user=$((10000 + RANDOM))
    prepare "$exploit"
    word "$number" loads
    if ! load_module "$2"; then
        word "$number" no-module
        return 1
    fi
    word "$number" begins
    case $exploit in
        *.bf) attack_bf ;;
        *) attack_c ;;
    esac
    word "$number" "$result"
    case $outcome in *stuck) return 1 ;; esac
    rmmod bfk
}

make_jail
cp build/review/jail $place/run || exit 1
while IFS=$'\t' read -r number module exploit user _; do
    round "$number" "$module" "$exploit" "$user" </dev/null || break # the next guest continues
done <"$plan"
echo "review: done"
