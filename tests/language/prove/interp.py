# SPDX-License-Identifier: GPL-2.0
"""Tests meaning.py against jit/interp.c on random states: no proof, but a test of what the proofs rely on."""

import ctypes as c
import random
from z3 import BitVecSort, BitVecVal, K, Select, Store, simplify
from meaning import ADD, END, IF, IF8, IN, KINDS, LABEL, MOVE, MUL, MULADD, NEXT, OUT, SET, Op, State, data, leaves
from proof import MachineStruct, OpStruct, Wrong, counts, lib, quick, template, to_struct


def prove_meaning(kind):
    rng, ring_type = random.Random(kind), c.c_uint8 * 65536
    for _ in range(60 if quick else 300):
        reg = rng.choice((0, 0, rng.randrange(8))) if kind != IF8 else 0
        off = rng.choice((0, 1, -1, rng.randrange(-32768, 32768)))
        op = Op(kind, rng.randrange(256), reg, rng.choice((0, 3, 7)), off, rng.choice((0, 1, rng.randrange(-32768, 32768))))
        head, fuel = rng.choice((0, 65535, rng.randrange(65536))), rng.choice((1, 2, 1000))
        tape, regs = ring_type(), [rng.choice((0, 1, rng.randrange(256))) for _ in range(8)]
        cells = K(BitVecSort(16), BitVecVal(0, 8))
        for at in [head + op.src_off] + [head + op.off + i for i in range(8)]:
            tape[at % 65536] = rng.choice((0, 1, rng.randrange(256)))
        for at in {(head + op.src_off) % 65536, *((head + op.off + i) % 65536 for i in range(8))}:
            cells = Store(cells, BitVecVal(at, 16), BitVecVal(tape[at], 8))
        state = State(cells, BitVecVal(head, 16), [None] + [BitVecVal(r, 8) for r in regs[1:]], BitVecVal(fuel, 64))
        check_interp(op, state, tape, MachineStruct(c.addressof(tape), fuel, head, 0, 0, (c.c_uint8 * 8)(*regs)))


def check_interp(op, state, tape, machine):
    if op.kind == NEXT:
        ops, machine.op_ix = [Op(LABEL), Op(IN), op, Op(END)], 2
    else:
        op.match = 2
        ops = [op, Op(OUT), Op(LABEL), Op(IN), Op(END)]
    lib.prove_interp(c.byref(machine), (OpStruct * len(ops))(*map(to_struct, ops)))
    fuel, stop = state.fuel.as_long(), 1
    if op.kind in (IF, IF8):
        stop = 3 if str(simplify(leaves(op, state))) == "True" else 1
    elif op.kind == NEXT:
        stop, fuel = (3, fuel) if str(simplify(leaves(op, state))) == "True" else (1, fuel - 1)
    else:
        state = data(op, state)
    number = lambda value: simplify(value).as_long()
    regs, head = [number(value) for value in state.regs[1:]], number(state.head)
    near = {(head + d) % 65536 for d in (0, op.off, op.src_off)}
    is_same = [machine.op_ix, machine.fuel, machine.head, list(machine.regs)[1:]] == [stop, fuel, head, regs]
    if not is_same or any(tape[at] != number(Select(state.cells, BitVecVal(at, 16))) for at in near):
        raise Wrong(f"the interpreter does something else with {op}")
    counts["encodings"] += 1


def meaning_templates():
    for kind in (NEXT, IF, IF8, LABEL, MOVE, ADD, SET, MULADD, MUL):
        template(f"the meaning of {KINDS[kind]} is the interpreter's", prove_meaning, kind)
