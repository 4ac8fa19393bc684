# SPDX-License-Identifier: GPL-2.0
"""The meaning of each op: jit/interp.c line by line, on bit vectors of z3. interp.py compares it with the original."""

from dataclasses import dataclass, replace
from z3 import BitVecVal, Or, Select, Store

KINDS = ["END", "IN", "OUT", "SYS", "NEXT", "IF", "IF8", "LABEL", "MOVE", "ADD", "SET", "MULADD", "MUL"]
END, IN, OUT, SYS, NEXT, IF, IF8, LABEL, MOVE, ADD, SET, MULADD, MUL = range(13)


@dataclass
class Op:
    """An op; its operands are numbers, or symbols of 8 and 16 bits."""

    kind: int
    val: object = 0
    reg: int = 0
    src_reg: int = 0
    off: object = 0
    src_off: object = 0
    match: int = 0

    def name(self):
        place = f"r{self.reg}" if self.reg else "cell"
        if self.kind in (MULADD, MUL):
            return f"{KINDS[self.kind]} {place} <- " + (f"r{self.src_reg}" if self.src_reg else "cell")
        return f"{KINDS[self.kind]} {place}" if self.kind >= NEXT else KINDS[self.kind]


@dataclass
class State:
    """The ring, its head, registers 1 to 7 (0 is not used) and the fuel."""

    cells: object
    head: object
    regs: list
    fuel: object

    def get(self, reg, off):
        return self.regs[reg] if reg else Select(self.cells, self.head + bits(off, 16))

    def put(self, reg, off, value):
        if not reg:
            return replace(self, cells=Store(self.cells, self.head + bits(off, 16), value))
        return replace(self, regs=self.regs[:reg] + [value] + self.regs[reg + 1 :])


def bits(value, size):
    return BitVecVal(value, size) if isinstance(value, int) else value


def data(op, state):
    """Returns the state after a MOVE, ADD, SET, MULADD, MUL or LABEL."""
    val, to, source = bits(op.val, 8), state.get(op.reg, op.off), state.get(op.src_reg, op.src_off)
    if op.kind == MOVE:
        return replace(state, head=state.head + bits(op.off, 16))
    if op.kind == LABEL:
        return state
    value = {ADD: to + val, SET: val, MULADD: to + source * val, MUL: source * val}[op.kind]
    return state.put(op.reg, op.off, value)


def leaves(op, state):
    """Does an IF or IF8 continue after match? Does a NEXT continue with the next op?"""
    if op.kind == IF8:
        cells = [state.get(0, bits(op.off, 16) + i) for i in range(8) if op.val >> i & 1]
        return Or([cell == 0 for cell in cells])
    return state.get(op.reg, op.off) == 0
