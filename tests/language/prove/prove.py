#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""prove.py LIBRARY [--quick]: prove that the code of each op does what the op means.

For each kind of op and each shape of its operands (a template), the real emitter's bytes are decoded and executed on
symbols: any head, cells, registers, fuel and operands. z3 must find no state in which the result differs from that of
jit/interp.c, or in which an access leaves the window. All other operands of the shape are emitted (prove.c), to check
that only their own bytes differ. Prints a line for each template; README.md lists what is not proved.

--quick: fewer registers, masks and operands. --only=GROUP: meaning, data, jump, if8 or host. Exit status: 0 all is
proved, 1 something is not.
"""

import sys
from z3 import And, Not, Or
import meaning
from meaning import ADD, END, IF, IF8, IN, KINDS, LABEL, MOVE, MUL, MULADD, NEXT, OUT, SET, SYS, Op, State
from interp import meaning_templates
from proof import (HOST, STOP, Wrong, counts, cover, decode_all, demand, emit, fresh, lib, offsets, paths, quick, require,
                   symbols, template)
from x86 import RSI

REGS = (2, 7) if quick else range(1, 8)
PLACES = [("cell", 0, "0", 0), ("cell+disp8", 0, "disp8", 0x51), ("cell+disp32", 0, "disp32", 0x4321)]
SOURCES = [("cell", 0, "0", 0), ("cell+disp8", 0, "disp8", 0x52), ("cell+disp32", 0, "disp32", 0x1234)]
PLACES += [(f"r{i}", i, "-", 0) for i in REGS]
SOURCES += [(f"r{i}", i, "-", 0) for i in REGS]
ALL = list(range(256))
# The vals of a MULADD or MUL that have code of the same form.
FACTORS = {MULADD: [("1", 1, [1]), ("255", 255, [255]), ("any", 0x6B, [i for i in ALL if i not in (1, 255)])],
           MUL: [("1", 1, [1]), ("any", 0x6B, [i for i in ALL if i != 1])]}
FILL = [Op(SET, 1, 1), Op(SET, 1, 2)]  # code between ops, so that their places differ


def start(ops, ix):
    """Emits ops. Returns their image, where the code of each begins, and the instructions of op @ix."""
    code, offs = emit(ops)
    return code, offs, decode_all(code, offs[ix], offs[ix + 1])


# --- ops that only change the state --------------------------------------------------------------------------


def prove_data(op, shapes, vals):
    code, offs, insns = start([op, Op(END)], 0)
    symbolic, operands, fields = symbols(op, insns)
    machine, state = fresh("")
    kept = dict(machine.regs)
    ends = list(paths(insns, machine, offs[0], operands, ()))
    if [at for _, at, _ in ends] != [offs[1]]:
        raise Wrong("its code does not end where it should")
    demand(machine, meaning.data(symbolic, state), kept)
    cover(op, code[offs[0] : offs[1]], offs[0], fields, vals, offsets(shapes[0]), offsets(shapes[1]))


def data_templates():
    template("LABEL", prove_data, Op(LABEL), "--", [0])
    template("MOVE by 8 bits", prove_data, Op(MOVE, off=0x51), ("disp8", "-"), [0])
    template("MOVE by 16 bits", prove_data, Op(MOVE, off=0x4321), ("disp32", "-"), [0])
    for place, reg, disp, off in PLACES:
        template(f"ADD {place}", prove_data, Op(ADD, 0x6B, reg, off=off), (disp, "-"), ALL)
        template(f"SET {place} to 0", prove_data, Op(SET, 0, reg, off=off), (disp, "-"), [0])
        template(f"SET {place}", prove_data, Op(SET, 0x6B, reg, off=off), (disp, "-"), ALL[1:])
        for source, src_reg, src_disp, src_off in SOURCES:
            for kind in (MULADD, MUL):
                for factor, val, vals in FACTORS[kind]:
                    op = Op(kind, val, reg, src_reg, off, src_off)
                    template(f"{KINDS[kind]} {place} <- {source} * {factor}", prove_data, op, (disp, src_disp), vals)


# --- ops that jump ---------------------------------------------------------------------------------------------


def prove_if(before, op):
    """IF and IF8, after an op or none: continue after match, or with the next op."""
    ops = before + [op, FILL[0], Op(LABEL), FILL[1], Op(END)]
    ix = len(before)
    op.match = ix + 2
    code, offs = emit(ops)
    insns = decode_all(code, offs[0], offs[ix + 1])
    symbolic, operands, _ = symbols(op, insns)
    if before:
        first, more, _ = symbols(before[0], insns, "")
        operands.update(more)
        symbolic = Op(op.kind, op.val, op.reg, off=first.off) if not op.reg else op
    machine, state = fresh("")
    kept = dict(machine.regs)
    if before:
        state = meaning.data(first, state)
    leaves, seen = meaning.leaves(symbolic, state), set()
    for condition, at, end in paths(insns, machine, offs[0], operands, ()):
        want = leaves if at == offs[op.match + 1] else Not(leaves)
        if at not in (offs[op.match + 1], offs[ix + 1]):
            raise Wrong(f"it goes to {at:#x}")
        require(("which way it goes", Or(Not(condition), want)))
        demand(end, state, kept, condition)
        seen.add(at)
    if len(seen) != 2:
        raise Wrong("it only goes one way")


def prove_next(before, op):
    """NEXT, after an op or none: unless the place is 0, pays a unit and jumps back; stops if it was the last one."""
    ops = [Op(LABEL), FILL[0]] + before + [op, FILL[1], Op(END)]
    ix = 2 + len(before)
    code, offs = emit(ops)
    insns = decode_all(code, offs[2], offs[ix + 1])
    symbolic, operands, _ = symbols(op, insns)
    if before:
        first, more, _ = symbols(before[0], insns, "")
        operands.update(more)
        symbolic = Op(NEXT, 0, op.reg, off=first.off) if not op.reg else op
    machine, state = fresh("")
    kept = dict(machine.regs)
    if before:
        state = meaning.data(first, state)
    leaves, seen = meaning.leaves(symbolic, state), set()
    goes = Not(leaves)
    paid = State(state.cells, state.head, state.regs, state.fuel - 1)
    for condition, at, end in paths(insns, machine, offs[2], operands, ()):
        if at == offs[ix + 1]:
            require(("it continues if the place is 0", Or(Not(condition), leaves)))
            demand(end, state, kept, condition)
        elif at == offs[1]:
            require(("it jumps back if the place is not 0, with fuel left", Or(Not(condition), And(goes, paid.fuel != 0))))
            demand(end, paid, kept, condition)
        elif at == STOP:
            require(("it stops if it has paid the last unit", Or(Not(condition), And(goes, paid.fuel == 0))))
            require(("esi is the op", Or(Not(condition), end.regs[RSI] == 1)))
            demand(end, paid, kept, condition)
        else:
            raise Wrong(f"it goes to {at:#x}")
        seen.add(at)
    if len(seen) != 3:
        raise Wrong("it does not go all three ways")


def prove_no_elision(kind):
    """After any op except an ADD or MULADD of the same place, IF and NEXT test the place themselves."""
    places = [(0, 0), (0, 5), (0, 300), (1, 0), (2, 0)]
    for reg, off in places:
        for last in range(LABEL, MUL + 1):
            for last_reg, last_off in places:
                is_same = last in (ADD, MULADD) and last_reg == reg and (reg or last_off == off)
                if is_same or last == MOVE and last_reg:
                    continue
                prove_own_test([Op(last, 3, last_reg, 3, last_off)], Op(kind, 0, reg, off=off))


def prove_own_test(before, op):
    ops = [Op(LABEL)] + before + [op, Op(LABEL), Op(END)]
    op.match = 3 if op.kind == IF else 0
    code, offs = emit(ops)
    first = decode_all(code, offs[2], offs[3])[offs[2]]
    counts["obligations"] += 1
    if first.name != "cmp":
        raise Wrong(f"{KINDS[op.kind]} after {before[0].name()} has no test of its own")


def jump_templates():
    for kind, prove in ((IF, prove_if), (NEXT, prove_next)):
        name = KINDS[kind]
        template(f"{name} after anything else tests its place", prove_no_elision, kind)
        for place, reg, _, off in PLACES:
            template(f"{name} {place}", prove, [], Op(kind, 0, reg, off=off))
            template(f"{name} {place} after ADD", prove, [Op(ADD, 0x6B, reg, off=off)], Op(kind, 0, reg, off=off))
            for source, src_reg, _, src_off in SOURCES:
                for factor, val, _ in FACTORS[MULADD]:
                    before = Op(MULADD, val, reg, src_reg, off, src_off)
                    what = f"{name} {place} after MULADD <- {source} * {factor}"
                    template(what, prove, [before], Op(kind, 0, reg, off=off))


def if8_templates():
    for mask in range(0, 256, 15) if quick else ALL:
        for place, _, _, off in PLACES[:3] if mask % 64 == 1 else PLACES[2:3]:
            template(f"IF8 {place}, mask {mask:#04x}", prove_if, [], Op(IF8, mask, off=off))


# --- ops that the host does ---------------------------------------------------------------------------------------


def prove_host(op):
    """A host op calls the host with its number and the state, and ends: the next op follows if the host returns."""
    ops = [FILL[0], op, FILL[1], Op(END)] if op.kind != END else [FILL[0], op]
    code, offs = emit(ops)
    end = offs[2] if op.kind != END else len(code)
    insns = decode_all(code, offs[1], end)
    machine, state = fresh("")
    (_, at, called), = paths(insns, machine, offs[1], {}, ())
    if at != HOST:
        raise Wrong(f"it calls {at:#x}")
    require(("esi is the op", called.regs[RSI] == 1))
    demand(called, state, dict(machine.regs))
    if [i.end for i in insns.values() if i.name == "call"] != [end]:
        raise Wrong("it does more than the call")


def prove_layout(n):
    looked = lib.prove_jumps(n)
    if not looked:
        raise Wrong("a jump or a number of an op is wrong")
    counts["encodings"] += looked


def host_templates():
    for kind in (END, IN, OUT, SYS):
        template(KINDS[kind], prove_host, Op(kind, ord("r"), off=0x4321))
    for n in (10, 1000, 65000) if quick else (10, 1000, 65000, 200000, 1000000):
        template(f"where the jumps of a program of {n} ops lead", prove_layout, n)


def main():
    groups = {"meaning": meaning_templates, "data": data_templates, "jump": jump_templates, "if8": if8_templates,
              "host": host_templates}
    only = [arg.removeprefix("--only=") for arg in sys.argv if arg.startswith("--only=")]
    for name in only:
        if name not in groups:
            sys.exit(f"prove.py: no group is called '{name}': {' '.join(groups)}")
    for name in only or groups:
        groups[name]()
    print("{templates} templates, {obligations} obligations proved, {encodings} encodings compared, nothing failed"
          .format(**counts))


if __name__ == "__main__":
    main()
