# SPDX-License-Identifier: GPL-2.0
"""
Wall-clock time of whole processes.

All run on the processor of this script, which sleeps meanwhile. The engines take turns, so other
load affects all of them. Time is counted from just before a process is created until it has been
waited for; nothing is subtracted.
"""

import os
import re
import resource
import signal
import time
from dataclasses import dataclass, field

from engines import BenchError

OUTPUT_MAX = 64 << 20  # bytes: stops an engine that prints for ever
LOOK_S = 0.3  # how long to look for an idle processor
IDLE_MIN = 0.8  # of its time; with less, times are not reliable
SLOW_S = 1.0  # a run that takes longer, on an engine SLOW_TIMES slower than another, is
SLOW_TIMES = 5  # not repeated as often


@dataclass
class Plan:
    """The number of runs: `reps`, or fewer if they would take longer than `budget_s` in all."""

    reps: int = 11
    reps_min: int = 5
    budget_s: float = 2.0
    limit_s: float = 10.0


@dataclass
class Series:
    """All runs of one program on one engine. `problem`: what was wrong with one of them."""

    engine: object
    ms: dict = field(default_factory=dict)  # by round
    late: bool = False
    problem: str = ""
    output: bytes = b""


def idle_ticks():
    """Returns how long each processor was idle since the machine started."""
    with open("/proc/stat", encoding="ascii") as stat:
        lines = [line.split() for line in stat if re.match(r"cpu\d", line)]
    return {int(line[0][3:]): int(line[4]) for line in lines}


def idlest():
    """Returns the processor that is idlest at the moment, and its share of idle time."""
    before = idle_ticks()
    time.sleep(LOOK_S)
    after = idle_ticks()
    allowed = sorted(os.sched_getaffinity(0), reverse=True)
    cpu = max(allowed, key=lambda cpu: after[cpu] - before[cpu])
    return cpu, (after[cpu] - before[cpu]) / os.sysconf("SC_CLK_TCK") / LOOK_S


def pin(cpu):
    """
    Pins this process, and all that it creates from now on, to one processor. None: the idlest.
    Returns a warning if even that one is busy.
    """
    share = 1.0
    if cpu is None:
        cpu, share = idlest()
    try:
        os.sched_setaffinity(0, {cpu})
    except OSError:
        raise BenchError(f"there is no processor {cpu} to run on") from None
    return "the machine is busy with something else: times vary" if share < IDLE_MIN else ""


class Runner:
    """Runs one process at a time."""

    def __init__(self, limit_s):
        self.limit_s = limit_s
        self.pid = None
        self.late = False
        self.out = os.memfd_create("output")
        self.err = os.memfd_create("messages")
        resource.setrlimit(resource.RLIMIT_FSIZE, (OUTPUT_MAX, OUTPUT_MAX))
        signal.signal(signal.SIGALRM, self.stop_late)

    def stop_late(self, _signal, _frame):
        if self.pid:
            self.late = True
            os.killpg(self.pid, signal.SIGKILL)

    def wait(self):
        """Returns the wait status. Leaves nothing running, whatever interrupts this."""
        try:
            _, status = os.waitpid(self.pid, 0)
        except BaseException:
            os.killpg(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
            raise
        finally:
            self.pid = None
        return status

    def run(self, command, input_path):
        """Returns milliseconds and wait status."""
        for fd in (self.out, self.err):
            os.ftruncate(fd, 0)
            os.lseek(fd, 0, os.SEEK_SET)
        actions = [
            (os.POSIX_SPAWN_OPEN, 0, input_path, os.O_RDONLY, 0),
            (os.POSIX_SPAWN_DUP2, self.out, 1),
            (os.POSIX_SPAWN_DUP2, self.err, 2),
        ]
        self.late = False
        signal.setitimer(signal.ITIMER_REAL, self.limit_s)
        start = time.monotonic_ns()
        self.pid = os.posix_spawn(
            command[0],
            command,
            os.environ,
            file_actions=actions,
            setpgroup=0,
            setsigdef=[signal.SIGPIPE, signal.SIGXFSZ, signal.SIGALRM],
        )
        status = self.wait()
        end = time.monotonic_ns()
        signal.setitimer(signal.ITIMER_REAL, 0)
        return (end - start) / 1e6, status

    def output(self):
        return os.pread(self.out, OUTPUT_MAX, 0)

    def last_message(self):
        lines = os.pread(self.err, 4096, 0).decode(errors="replace").strip().splitlines()
        return f": {lines[-1]}" if lines else ""


def explain(status):
    """Returns what was wrong with the end of a process, or ''."""
    if os.WIFSIGNALED(status):
        return f"ended by {signal.Signals(os.WTERMSIG(status)).name}"
    code = os.waitstatus_to_exitcode(status)
    return f"exit status {code}" if code else ""


def run_once(runner, series, program, expected):
    """Does one more run of a series; expected None: any output is right. Returns milliseconds."""
    command = [*series.engine.command, program.path]
    try:
        ms, status = runner.run(command, program.input)
    except OSError as error:
        series.problem = f"cannot be started: {error.strerror}"
        return 0.0
    if runner.late:
        series.late = True
        if series.engine.own:
            series.problem = f"has not ended after {runner.limit_s:g} s"
        return ms
    series.output = runner.output()
    series.problem = explain(status)
    if series.problem:
        series.problem += runner.last_message()
    elif expected is not None and series.output != expected:
        series.problem = "wrong output"
    return ms


def warm_up(runner, program, engines):
    """Does a first run on each engine, to check its output and see how long it takes."""
    all_series, times_ms = [], []
    expected = program.expected
    for engine in engines:
        series = Series(engine)
        times_ms.append(run_once(runner, series, program, expected))
        all_series.append(series)
        if expected is None and not series.problem and not series.late:
            expected = series.output  # what the others must agree with
    return all_series, times_ms, expected


def repetitions(plan, ms, fastest_ms):
    """Returns the number of runs for a series, from the time of one."""
    affordable = int(plan.budget_s * 1000 / max(ms, 0.001))
    slow = ms > SLOW_S * 1000 and ms > SLOW_TIMES * fastest_ms
    return max(1 if slow else plan.reps_min, min(plan.reps, affordable))


def takes_part(round_ix, rounds, reps):
    """Does a series with `reps` runs take part in this round? They are spread evenly over all rounds."""
    return (round_ix + 1) * reps // rounds > round_ix * reps // rounds


def measure(runner, program, engines, plan, progress):
    """Returns a Series for each engine. One that has a problem or is late is not run again."""
    all_series, times_ms, expected = warm_up(runner, program, engines)
    usable = [ms for s, ms in zip(all_series, times_ms) if not s.problem and not s.late]
    reps = [repetitions(plan, ms, min(usable, default=0.0)) for ms in times_ms]
    rounds = max(reps)
    for round_ix in range(rounds):
        turns = list(zip(all_series, reps))
        for series, n in reversed(turns) if round_ix % 2 else turns:
            if series.problem or series.late or not takes_part(round_ix, rounds, n):
                continue
            progress(program.name, series.engine.name, round_ix + 1, rounds)
            ms = run_once(runner, series, program, expected)
            if not series.problem and not series.late:
                series.ms[round_ix] = ms
    return all_series
