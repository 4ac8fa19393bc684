#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# Does the benchmark of runs notice errors, and are its figures what was measured?

# shellcheck disable=SC2016 # the scripts expand
bats_require_minimum_version 1.5.0
load bench

bench() {
    "$python3" -B "$repo/tests/perf/bench/bench.py" --bfk engines/bfk --out out --reps 3 --cpu "$cpu" "$@" programs
}

@test "bench (no error) prints a table, JSON and a picture, and exits 0" {
    program two 'two'
    run -0 bench --peers 'peer=engines/peer'
    has 'bfk-O2 ms' 'peer ms' '/peer' 'one ' 'two ' 'all (2)'
    [[ $output != *WRONG* ]]
    python '
import json
lines = [json.loads(line) for line in open("out/bench.jsonl")]
assert [(l["name"], l["engine"]) for l in lines] == [
    ("one", "bfk-O2"), ("one", "peer"), ("two", "bfk-O2"), ("two", "peer")], lines
for l in lines:
    assert l["ok"] and not l["late"] and l["n"] == 3, l
    assert 0 < l["p10_ms"] <= l["median_ms"] <= l["p90_ms"], l
'
    grep -q '</svg>' out/bench.svg
    grep -q 'bfk-O2' out/bench.svg
}

@test "bench (no gnuplot) prints how to get it, and still exits 0" {
    mkdir path
    ln -s "$(command -v cat)" path/
    PATH=$PWD/path run -0 bench --peers 'peer=engines/peer'
    has 'all (1)' 'apt-get install gnuplot-nox'
    [ -s out/bench.jsonl ] && [ ! -e out/bench.svg ]
}

@test "bench (a wrong output of a peer) names it, keeps it and exits 1" {
    program two 'two'
    engine peer 'case $program in */one.b) echo nonsense ;; *) echo two ;; esac'
    run -1 bench --peers 'peer=engines/peer'
    has 'one on peer: wrong output' 'WRONG' 'all (2)'
    [[ $output != *"two on"* ]]
    [ "$(cat out/wrong-one-peer)" = nonsense ]
    grep -q '"name": "one", "engine": "peer", "median_ms": null.*"ok": false' out/bench.jsonl
    grep -q '"name": "one", "engine": "bfk-O2", .*"ok": true' out/bench.jsonl
}

@test "bench --may-be-wrong (a peer whose cells are not bytes, for example) shows it and exits 0" {
    engine peer 'echo nonsense'
    run -0 bench --peers 'peer=engines/peer' --may-be-wrong 'other peer'
    has 'one on peer: wrong output' 'WRONG'
    engine bfk 'echo nonsense'
    run -1 bench --peers 'peer=engines/peer' --may-be-wrong peer
}

@test "bench (a wrong output of bfk) exits 1" {
    engine bfk 'echo nonsense'
    run -1 bench --peers 'peer=engines/peer'
    has 'one on bfk-O2: wrong output'
}

@test "bench (an output that is wrong now and then) exits 1" {
    engine peer 'echo x >>count; if [ $(wc -l <count) = 3 ]; then echo nonsense; else echo one; fi'
    run -1 bench --peers 'peer=engines/peer'
    has 'one on peer: wrong output'
}

@test "bench (an output cut short, or with one byte more) exits 1" {
    engine bfk 'printf one'
    run -1 bench
    engine bfk 'printf "one\n\n"'
    run -1 bench
}

@test "bench (no .out file) requires the engines to agree" {
    rm programs/one.out
    engine bfk 'echo same'
    engine peer 'echo same'
    run -0 bench --peers 'peer=engines/peer'
    engine peer 'echo other'
    run -1 bench --peers 'peer=engines/peer'
    has 'one on peer: wrong output'
}

@test "bench gives each program its .in file, or nothing" {
    program two ''
    rm programs/two.out
    echo 'what it reads' >programs/one.in
    cp programs/one.in programs/one.out
    : >programs/two.out
    engine bfk 'cat'
    run -0 bench
}

@test "bench calls bfk at each level of --levels, on machine code, for plain programs" {
    engine bfk 'echo "$@" >>called; echo one'
    run -0 bench --levels "2 0"
    has 'bfk-O2 ms' 'bfk-O0 ms' '/bfk-O0'
    [ "$(sort -u called)" = $'run --engine jit -O0 --plain programs/one.b\nrun --engine jit -O2 --plain programs/one.b' ]
}

@test "bench (a peer that does not exist) prints that and exits 2 before anything runs" {
    engine bfk 'touch ran'
    run -2 bench --peers 'ghost=engines/ghost -b'
    has "ghost: there is no command 'engines/ghost'" 'omit it'
    [ ! -e ran ]
}

@test "bench (no bfk) prints how to make it and exits 2" {
    rm engines/bfk
    run -2 bench
    has "there is no command 'engines/bfk'" 'make user'
}

@test "bench (a peer that fails, dies or cannot be started) prints how and exits 1" {
    engine peer 'echo "out of luck" >&2; exit 3'
    run -1 bench --peers 'peer=engines/peer'
    has 'one on peer: exit status 3: out of luck'
    engine peer 'kill -SEGV $$'
    run -1 bench --peers 'peer=engines/peer'
    has 'one on peer: ended by SIGSEGV'
    echo 'no program at all' >engines/peer
    run -1 bench --peers 'peer=engines/peer'
    has 'one on peer: cannot be started'
}

# ratios: prints "ENGINE RATIO" for each engine, of the first one's median to its own, from the JSON.
ratios() {
    python '
import json
times = {l["engine"]: l["median_ms"] for l in map(json.loads, open("out/bench.jsonl"))}
for engine in times:
    print(engine, times["bfk-O2"] / times[engine])
'
}

# is_near SHOWN RATIO: equal, except for rounding to three digits.
is_near() { awk -v a="$1" -v b="$2" 'BEGIN { exit !(a > b - 0.005 && a < b + 0.005) }'; }

@test "bench (a slower peer) shows the ratio of the measured times" {
    engine bfk 'sleep 0.05; echo one'
    engine peer 'sleep 0.2; echo one'
    run -0 bench --peers 'peer=engines/peer'
    python '
import json
times = {l["engine"]: l["median_ms"] for l in map(json.loads, open("out/bench.jsonl"))}
assert times["bfk-O2"] > 50 and times["peer"] > 200, times # other load adds to them
'
    [[ $(grep -o 'all (1).*' <<<"$output") =~ ([0-9.]+)$ ]] || { echo "$output"; return 1; }
    is_near "${BASH_REMATCH[1]}" "$(ratios | sed -n 's/^peer //p')"
}

@test "bench (two peers) compares with the faster one" {
    engine bfk 'sleep 0.05; echo one'
    engine fast 'sleep 0.02; echo one'
    engine slow 'sleep 0.1; echo one'
    run -0 bench --peers 'slow=engines/slow fast=engines/fast'
    has '/best peer'
    [[ $(grep -o 'all (1).*' <<<"$output") =~ ([0-9.]+)\ +([0-9.]+)\ +([0-9.]+)$ ]] || { echo "$output"; return 1; }
    is_near "${BASH_REMATCH[1]}" "$(ratios | sed -n 's/^slow //p')"
    is_near "${BASH_REMATCH[2]}" "$(ratios | sed -n 's/^fast //p')"
    [ "${BASH_REMATCH[3]}" = "$(printf '%s\n' "${BASH_REMATCH[@]:1:2}" | sort -g | tail -n 1)" ]
}

@test "bench (a peer that does not end) stops it at --limit, with all its processes, and continues" {
    engine peer 'sleep 1000.125; echo one'
    run -0 bench --limit 5 --peers 'peer=engines/peer'
    has '> 5 s' '<0.'
    grep -q '"engine": "peer", "median_ms": null.*"ok": true, "late": true' out/bench.jsonl
    run -1 pgrep -f 'sleep 1000.125'
}

@test "bench (bfk does not end) exits 1" {
    engine bfk 'sleep 1000'
    run -1 bench --limit 0.3
    has 'one on bfk-O2: has not ended after 0.3 s'
}

@test "bench (a peer that prints for ever) is stopped" {
    engine peer 'exec yes'
    run -1 bench --peers 'peer=engines/peer'
    has 'one on peer: ended by SIGXFSZ'
}

@test "bench (interrupted) ends all its processes" {
    engine bfk 'echo >begun; sleep 1000.25'
    # A background process of a shell ignores SIGINT by default.
    env --default-signal=INT "$python3" -B "$repo/tests/perf/bench/bench.py" --bfk engines/bfk --out out programs 3>&- &
    until [ -s begun ]; do sleep 0.05; done
    kill -INT $!
    status=0
    wait $! || status=$?
    [ $status = 130 ]
    run -1 pgrep -f 'sleep 1000.25'
}

@test "bench --at-most fails if the mean ratio is above it, and only then" {
    engine bfk 'sleep 0.06; echo one'
    engine peer 'sleep 0.03; echo one'
    run -0 bench --peers 'peer=engines/peer' --at-most peer=1000
    run -1 bench --peers 'peer=engines/peer' --at-most peer=0.001
    has 'x peer for all programs, more than 0.001'
    run -1 bench --peers 'peer=engines/peer' --at-most peer=1000 --long 1000
    has 'none of the long programs can be compared with peer'
    run -2 bench --at-most ghost=1
}

@test "bench (slow peer) runs it less often, and bfk still as often" {
    engine peer 'sleep 3; echo one'
    run -0 bench --reps 9 --budget 6 --reps-min 2 --peers 'peer=engines/peer'
    python '
import json
n = {l["engine"]: l["n"] for l in map(json.loads, open("out/bench.jsonl"))}
assert n["bfk-O2"] == 9 and 1 <= n["peer"] <= 2, n
'
}

@test "bench runs the engines in turns" {
    engine bfk 'echo b >>turns; echo one'
    engine peer 'echo p >>turns; echo one'
    run -0 bench --peers 'peer=engines/peer'
    [ "$(tr -d '\n' <turns)" = bpbppbbp ]
}

@test "bench --skip omits programs, which must exist" {
    program two 'two'
    run -0 bench --skip 'one'
    [[ $output != *one* ]]
    run -2 bench --skip 'three'
    has "no program to omit is called three"
}

@test "bench (no such folder, or nothing in it) exits 2 with a hint" {
    run -2 "$python3" -B "$repo/tests/perf/bench/bench.py" --bfk engines/bfk nowhere
    has 'nowhere is not a folder' 'BENCH=DIR'
    rm programs/*
    run -2 bench
    has 'there is no program'
}

@test "bench --help lists every option, and exits 0" {
    run -0 "$python3" -B "$repo/tests/perf/bench/bench.py" --help
    has 'DIR' '--bfk' '--levels' '--peers' '--reference' '--limit' '--reps' '--at-most' '--out' 'Exit status'
    run -2 bench --frobnicate
}

@test "peers are words with the quoting of the shell" {
    python '
from engines import BenchError, parse_peers
def peers(text): return [(e.name, e.command) for e in parse_peers(text)]
assert peers("") == []
assert peers("a=/x/a -b") == [("a", ["/x/a", "-b"])]
assert peers("a=/x/a -b; b2-j=/y/b") == [("a", ["/x/a", "-b"]), ("b2-j", ["/y/b"])]
assert peers("a=/x/a -b b=/y/b") == [("a", ["/x/a", "-b"]), ("b", ["/y/b"])]
assert peers("a=env b=c; b=/y/b -O=2;") == [("a", ["env", "b=c"]), ("b", ["/y/b", "-O=2"])]
assert peers("a=\"/my dir/a\" --x=1 # ") == [("a", ["/my dir/a", "--x=1", "#"])]
for wrong in ("nonsense", "a=b; nonsense", "a=\"b", "=b"):
    try: peers(wrong)
    except BenchError: continue
    assert False, wrong
'
}

@test "medians, percentiles, means and ratios in pairs are computed correctly" {
    python '
from engines import Engine, Program
from measure import Series
from report import Report, Result, Row, geometric_mean, percentile
assert percentile([3, 1, 2], 50) == 2 and percentile([1, 2, 3, 4], 50) == 2.5
assert percentile(range(11), 10) == 1 and percentile(range(11), 90) == 9 and percentile([7], 90) == 7
assert abs(geometric_mean([2, 8]) - 4) < 1e-9
def row(name, **ms):
    p = Program(name, name, "/dev/null", None)
    return Row([Result(p, Series(Engine(n, []), dict(enumerate(t)))) for n, t in ms.items()], ["x"])
# one disturbed round in each: of six ratios the middle two are 2
quiet = row("quiet", bfk=[20] * 6, x=[10] * 6)
noisy = row("noisy", bfk=[2, 2, 90, 2, 40, 20], x=[1, 1, 45, 1, 20, 1])
short = row("short", bfk=[9] * 5, x=[1] * 5)
assert quiet.ratio("x") == 2 and noisy.ratio("x") == 2 and short.ratio("x") == 9
few = row("few", bfk=[10, 20, 30], x=[10])
assert few.ratio("x") == 2
report = Report([quiet, short], ["bfk", "x"], ["x"], "x", 10)
assert [r.program for r in report.long_rows()] == ["quiet"]
mean, n = report.mean(report.rows, "x")
assert abs(mean - 18 ** 0.5) < 1e-9 and n == 2
assert report.mean(report.long_rows(), "x") == (2, 1)
'
}

@test "every program of examples/bench gives its .out, at -O0 and -O2" {
    local name input level n=0
    for name in "$repo"/examples/bench/*.bf; do
        name=${name%.bf}
        input=$name.in
        [ -e "$input" ] || input=/dev/null
        for level in 0 2; do
            timeout 600 "${BFK:-$repo/build/bfk}" run --engine jit -O$level "$name.bf" <"$input" >got
            cmp "$name.out" got || { echo "$name at -O$level"; return 1; }
        done
        n=$((n + 1))
    done
    [ $n = 6 ]
}

@test "no comment of examples/bench has a command in it" {
    run -1 sh -c "sed 's/^[^#]*//' '$repo'/examples/bench/*.bf | grep -n '[][+<>.,%!-]'"
    [ -z "$output" ]
}
