#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# run.sh [OPTION]... -- COMMAND [ARG]...   run a command as root in a QEMU guest that boots a stock
# Debian kernel over a copy-on-write view of this machine's files. A single argument is a line for bash;
# several are a command and its arguments. It runs in the repository's folder with /dev/null as stdin;
# its output appears live. Nothing it writes is kept, except below /out with -o.
#
#   -k KERNEL     6.1, 6.12, 7.3, 6.1-rt,     -o DIR    folder that is /out in the guest, writable
#                 6.12-rt, 7.3-rt; debug or
#                 kcsan (tests/kernel/debug); arm64 or
#                 arm64-16k (tests/kernel/arm64);
#                 default: system.sh
#   -t SECONDS    time limit (3600)           -a ARGS   more kernel arguments
#   -w SECONDS    time limit without output   -q ARGS   more QEMU arguments
#                 of command or kernel (900)
#   -m MEBIBYTES  memory (2048)               -l FILE   keep the kernel's console log in FILE
#   -i            a shell on this terminal (Ctrl-A x ends the guest)
#
# Exit status: the command's; 124 if the time ran out; 125 if the guest failed: it did not boot, or its
# kernel log has a panic, WARN, BUG, Oops, lockdep, RCU or unwinder complaint (trouble.re).
# VM_ACCEL=kvm uses KVM; the default, emulation (tcg,thread=single), works everywhere.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
repo=$(cd "$here/../../.." && pwd)
kernel=$("$here/../system.sh" kernel)
limit=3600 silence=900 memory=2048 share_out='' kernel_args='' qemu_args='' interactive='' keep_log=''
usage() { sed -n '3,/^set /{/^set /!s/^# \{0,1\}//p}' "$0" >&2; exit 2; }
say() { echo "vm ($kernel): $*" >&2; }

while getopts k:t:w:m:o:a:q:il: option; do
    case $option in
        k) kernel=$OPTARG ;;
        t) limit=$OPTARG ;;
        w) silence=$OPTARG ;;
        m) memory=$OPTARG ;;
        o) share_out=$(mkdir -p "$OPTARG" && cd "$OPTARG" && pwd) ;;
        a) kernel_args=$OPTARG ;;
        q) qemu_args=$OPTARG ;;
        i) interactive=1 limit=1000000 ;;
        l) keep_log=$OPTARG ;;
        *) usage ;;
    esac
done
shift $((OPTIND - 1))
[ $# -gt 0 ] || [ -n "$interactive" ] || usage
machine=x86_64 group=demo guest_root='' guest_repo=$repo
# shellcheck disable=SC2034 # the guest's settings
case $kernel in # arm64's guest has its own files instead of this machine's and the repository's
    arm64*) machine=aarch64 group=arm64 guest_root=$repo/build/arm64/root guest_repo=$repo/build/arm64/tree ;;
esac
[ -z "$guest_root" ] || [ -e "$guest_repo/build" ] ||
    { say "nothing is built for it: run make check-arm64"; exit 125; }
command -v "qemu-system-$machine" >/dev/null || { say "no qemu-system-$machine: run tests/harness/deps.sh $group"; exit 125; }
"$here/kernel.sh" "$kernel" && "$here/initramfs.sh" "$kernel" || exit 125
kernel_root=$repo/build/linux-$kernel

mkdir -p "$repo/build/vm"
run=$(mktemp -d "$repo/build/vm/run.XXXXXX")
children=()
# shellcheck disable=SC2317 # the trap calls it
cleanup() {
    [ ${#children[@]} = 0 ] || kill "${children[@]}" 2>/dev/null || :
    [ -z "$keep_log" ] || cp "$run/console" "$keep_log" 2>/dev/null || :
    rm -rf "$run"
}
trap cleanup EXIT
trap 'exit 130' INT TERM HUP

{ # settings for the guest's init, and the command that it runs
    for name in repo guest_repo guest_root kernel_root share_out interactive; do printf '%s=%q\n' $name "${!name}"; done
    echo "release=$(<"$kernel_root/release")"
} >"$run/settings"
{
    printf 'cd %q\nexport K=%q\n' "$repo" "$kernel"
    if [ -n "$interactive" ]; then
        echo "stty rows $(tput lines) cols $(tput cols); export TERM=$TERM"
        [ $# -gt 0 ] || echo 'exec bash'
    fi
    if [ $# = 1 ]; then printf 'exec bash -c %q\n' "$1"; elif [ $# -gt 1 ]; then echo "exec ${*@Q}"; fi
} >"$run/command"

: >"$run/status"
: >"$run/console"
mkfifo "$run/out"
# Panicking at the first data race, which may be the kernel's own, would hide the others.
[ "$kernel" != kcsan ] || kernel_args="panic_on_warn=0 $kernel_args"
# One thread for both CPUs: with one each, QEMU 7.2 sometimes lets a CPU execute the int3 of a kernel text
# patch too late, and the kernel panics. VM_ACCEL=tcg,thread=multi gives real concurrency.
cpu=max accel=${VM_ACCEL:-tcg,thread=single} console=ttyS0 machine_args=no_timer_check
[[ $accel = tcg* ]] || cpu=host
# no_timer_check: on a busy machine the emulated timer can be too slow for the kernel's check at
# boot, which then panics ("IO-APIC + timer doesn't work!").
# pauth-impdef: emulating the architected algorithm of pointer authentication is slow, and no test needs it.
[[ $kernel != arm64* ]] || { cpu=max,pauth-impdef=on console=ttyAMA0 machine_args=; }
# shellcheck disable=SC2054 # QEMU needs the commas
qemu=("qemu-system-$machine" -accel "$accel" -cpu "$cpu" -smp 2 -m "$memory"
    -nodefaults -no-user-config -display none -no-reboot
    -kernel "$kernel_root/bootfile" -initrd "$kernel_root/initramfs.cpio"
    -append "console=$console $machine_args loglevel=5 panic_on_warn=1 oops=panic panic=-1 bfk.run=$run $kernel_args"
    -serial "file:$run/console"
    -fsdev local,id=host,path=/,security_model=none,readonly=on,multidevs=remap
    -device virtio-9p-pci,fsdev=host,mount_tag=host
    -device virtio-serial-pci
    -chardev "file,id=status,path=$run/status" -device virtserialport,chardev=status,name=status
    -chardev "file,id=out,path=$run/out" -device virtserialport,chardev=out,name=out)
# Under KASAN the ACPI interpreter spends a minute on the interrupts of the default machine.
[[ $kernel != debug && $kernel != kcsan ]] || qemu+=(-machine q35)
[[ $kernel != arm64* ]] || qemu+=(-machine virt)
# shellcheck disable=SC2054
[ -z "$share_out" ] || qemu+=(
    -fsdev "local,id=out,path=$share_out,security_model=none,multidevs=remap"
    -device virtio-9p-pci,fsdev=out,mount_tag=out)
# shellcheck disable=SC2054
[ -z "$interactive" ] || qemu+=(
    -chardev stdio,id=tty,mux=on,signal=off -device virtconsole,chardev=tty)
read -ra words <<<"$qemu_args"
qemu+=("${words[@]}")

cat "$run/out" &
reader=$!
children+=("$reader")

# Prints how much output there is so far, from the guest's command and from its kernel.
said() {
    sed -n 's/^rchar: //p' "/proc/$reader/io" 2>/dev/null # the reader may have ended
    stat -c %s "$run/console"
}

# Ends a guest without output for $silence s.
watch() { # PID of the timeout that runs it
    local before='' now period=$((silence < 5 ? silence : 5)) silent=0
    while sleep "$period"; do
        now=$(said)
        silent=$((silent + period))
        [ "$now" = "$before" ] || silent=0
        before=$now
        [ $silent -lt "$silence" ] || break
    done
    : >"$run/silent"
    kill "$1"
}

ended=0
if [ -n "$interactive" ]; then
    "${qemu[@]}" 2>"$run/qemu" || ended=$?
else
    timeout -k 5 "$limit" "${qemu[@]}" </dev/null 2>"$run/qemu" &
    guest=$!
    children+=("$guest")
    watch "$guest" &
    children+=($!)
    wait "$guest" || ended=$?
    [ ! -e "$run/silent" ] || ended=124
fi
if [ $ended = 0 ] || [ $ended = 124 ]; then wait $reader || :; fi

trouble() {
    say "$1; the end of its console log:"
    tail -n 60 "$run/console" | tr -d '\r' >&2
    exit 125
}
[ $ended = 0 ] || [ $ended = 124 ] || cat "$run/qemu" >&2
why="after $limit s"
[ ! -e "$run/silent" ] || why="after $silence s without output"
[ $ended != 124 ] || { say "stopped $why"; tail -n 10 "$run/console" | tr -d '\r' >&2; exit 124; }
# The kernel has its own data races.
sed '/bfk-test:/d; /KCSAN: /{/\[bfk\]/!d}' "$run/console" | grep -Eqf "$here/trouble.re" && trouble "kernel trouble"
read -r word status <"$run/status" || trouble "the guest ended without a verdict"
[ "$word" = exit ] && exit "$status"
trouble "the guest's verdict is malformed"
