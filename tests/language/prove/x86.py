# SPDX-License-Identifier: GPL-2.0
"""The processor: decodes instructions, and executes them on bit vectors of z3.

Written from the Intel SDM, volume 2, without using jit/. Knows only the instructions that the emitter uses: any other
is an error, and so is any memory operand except [rbx + disp]. Memory is the ring, an array of cells with 16-bit
indices: the low 16 bits of an address select the cell, if the base is a multiple of 64 KiB and the address lies in the
window, which is an obligation of its own.
"""

from dataclasses import dataclass, field
from z3 import (
    Array, BitVecSort, BitVecVal, Concat, Extract, Select, SignExt, Store, ULE, ZeroExt, simplify,
)

RAX, RCX, RDX, RBX, RSP, RBP, RSI, RDI = range(8)
NAMES = ["rax", "rcx", "rdx", "rbx", "rsp", "rbp", "rsi", "rdi"] + [f"r{i}" for i in range(8, 16)]


class Unknown(Exception):
    """An instruction, or an operand, that generated code may not have."""


@dataclass
class Insn:
    """One instruction; rm is the number of a register, or None for [rbx + disp]."""

    at: int
    name: str
    size: int = 0  # of its operands, in bytes
    reg: int = 0
    rm: object = None
    has_rex: bool = False
    fields: dict = field(default_factory=dict)  # "disp" or "imm": (place in the code, bytes)
    code: bytes = b""
    end: int = 0

    def value(self, which, operands):
        """Returns a field, sign-extended to 64 bits; the op's symbol if it was replaced by one."""
        if which not in self.fields:
            return BitVecVal(0, 64)
        at, size = self.fields[which]
        if (at, size) in operands:
            symbol = operands[at, size]
            return SignExt(64 - symbol.size(), symbol)
        return BitVecVal(int.from_bytes(self.code[at - self.at : at - self.at + size], "little", signed=True), 64)

    def target(self):
        at, size = self.fields["imm"]
        return self.end + int.from_bytes(self.code[at - self.at : at - self.at + size], "little", signed=True)


# opcode: name, bytes of operand (0: by prefixes), kind of operands, bytes of immediate
OPCODES = {
    0x00: ("add", 1, "rm_r", 0), 0x28: ("sub", 1, "rm_r", 0), 0x88: ("mov", 1, "rm_r", 0), 0x38: ("cmp", 1, "rm_r", 0),
    0x02: ("add", 1, "r_rm", 0), 0x2A: ("sub", 1, "r_rm", 0), 0x80: ("/", 1, "rm_imm", 1), 0xC6: ("mov", 1, "rm_imm", 1),
    0x01: ("add", 0, "rm_r", 0), 0x21: ("and", 0, "rm_r", 0), 0x85: ("test", 0, "rm_r", 0), 0x8B: ("mov", 0, "r_rm", 0),
    0x83: ("/", 0, "rm_imm", 1), 0x81: ("/", 0, "rm_imm", 4), 0x6B: ("imul", 0, "r_rm", 1), 0xF7: ("not", 0, "rm", 0),
    0xE8: ("call", 8, "rel", 4), 0xE9: ("jmp", 8, "rel", 4),
    0x0FB6: ("movzx", 0, "r_rm", 0), 0x0F84: ("je", 8, "rel", 4), 0x0F85: ("jne", 8, "rel", 4),
}
GROUP = {0: "add", 5: "sub", 4: "and", 7: "cmp"}  # of 80, 81 and 83


def decode(code, at):
    """Returns the instruction at an offset in the code."""
    insn, i, wide, short = Insn(at, ""), at, False, False
    rex = 0
    if code[i] == 0x66:
        short, i = True, i + 1
    if code[i] & 0xF0 == 0x40:
        rex, insn.has_rex, wide, i = code[i] & 15, True, bool(code[i] & 8), i + 1
    opcode, i = code[i], i + 1
    if opcode == 0x0F:
        opcode, i = 0x0F00 | code[i], i + 1
    if opcode & 0xF8 == 0xB8:  # mov r, imm
        insn.name, insn.size, insn.rm = "mov", 8 if wide else 4, opcode & 7 | (rex & 1) << 3
        kind, n_imm = "rm_imm", insn.size
    elif opcode in OPCODES:
        insn.name, insn.size, kind, n_imm = OPCODES[opcode]
        insn.size = insn.size or (8 if wide else 2 if short else 4)
        if kind != "rel":
            i = decode_modrm(code, i, insn, rex)
    else:
        raise Unknown(f"opcode {opcode:x} at {at:#x}")
    if insn.name == "/":
        if insn.reg & 7 not in GROUP:
            raise Unknown(f"{opcode:x} /{insn.reg & 7} at {at:#x}")
        insn.name = GROUP[insn.reg & 7]
    if opcode == 0xF7 and insn.reg & 7 != 2:
        raise Unknown(f"f7 /{insn.reg & 7} at {at:#x}")
    if n_imm:
        n_imm = 2 if short and n_imm == 4 else n_imm
        insn.fields["imm"], i = (i, n_imm), i + n_imm
    insn.kind, insn.end, insn.code = kind, i, code[at:i]
    if i > len(code):
        raise Unknown(f"cut off at {at:#x}")
    return insn


def decode_modrm(code, i, insn, rex):
    mod, insn.reg, rm = code[i] >> 6, code[i] >> 3 & 7 | (rex & 4) << 1, code[i] & 7 | (rex & 1) << 3
    i += 1
    if mod == 3:
        insn.rm = rm
        return i
    if rm != RBX:
        raise Unknown(f"memory by {NAMES[rm]} at {insn.at:#x}")
    size = {0: 0, 1: 1, 2: 4}[mod]
    if size:
        insn.fields["disp"] = (i, size)
    return i + size


class Machine:
    """Registers, the ring, ZF, and the obligations of each access."""

    def __init__(self, base, cells, regs):
        self.base, self.cells, self.regs, self.zf = base, cells, dict(regs), None
        self.obligations = []

    def copy(self):
        other = Machine(self.base, self.cells, self.regs)
        other.zf, other.obligations = self.zf, list(self.obligations)
        return other

    def get(self, reg, size, has_rex):
        if size == 1 and not has_rex and 4 <= reg < 8:
            return Extract(15, 8, self.regs[reg - 4])  # ah, ch, dh, bh
        return Extract(8 * size - 1, 0, self.regs[reg])

    def put(self, reg, value, has_rex):
        old, size = self.regs[reg], value.size() // 8
        if size == 1 and not has_rex and 4 <= reg < 8:
            old = self.regs[reg - 4]
            self.regs[reg - 4] = Concat(Extract(63, 16, old), value, Extract(7, 0, old))
        elif size == 8:
            self.regs[reg] = value
        elif size == 4:
            self.regs[reg] = ZeroExt(32, value)  # SDM volume 1, 3.4.1.1
        else:
            self.regs[reg] = Concat(Extract(63, 8 * size, old), value)

    def address(self, insn, operands, size):
        """Returns the accessed cell: the low 16 bits of a sum are the sum of the low 16 bits."""
        disp = insn.value("disp", operands)
        first, window = self.regs[RBX] + disp - (self.base - 65536), BitVecVal(3 * 65536 - size, 64)
        self.obligations.append(("the access lies in the window", ULE(first, window)))
        return simplify(Extract(15, 0, self.regs[RBX])) + simplify(Extract(15, 0, disp))

    def load(self, cell, size):
        cells = [Select(self.cells, cell + i) for i in range(size)]
        return cells[0] if size == 1 else Concat(*reversed(cells))

    def get_rm(self, insn, operands, size):
        if insn.rm is not None:
            return self.get(insn.rm, size, insn.has_rex)
        return self.load(self.address(insn, operands, size), size)

    def put_rm(self, insn, operands, value):
        if insn.rm is not None:
            return self.put(insn.rm, value, insn.has_rex)
        if value.size() != 8:
            raise Unknown(f"a store of {value.size()} bits at {insn.at:#x}")
        self.cells = Store(self.cells, self.address(insn, operands, 1), value)

    def step(self, insn, operands):
        """Executes one instruction other than a jump."""
        name, size = insn.name, insn.size
        if name == "movzx":
            self.put(insn.reg, ZeroExt(8 * size - 8, self.get_rm(insn, operands, 1)), True)
            return
        old_rm = None if name == "mov" and insn.kind != "r_rm" else self.get_rm(insn, operands, size)
        imm = Extract(8 * size - 1, 0, insn.value("imm", operands))
        other = imm if insn.kind == "rm_imm" else self.get(insn.reg, size, insn.has_rex)
        left, right = (other, old_rm) if insn.kind == "r_rm" else (old_rm, other)
        if name == "imul":
            self.put(insn.reg, right * imm, insn.has_rex)
            self.zf = None  # undefined
            return
        results = {"add": lambda: left + right, "sub": lambda: left - right, "and": lambda: left & right,
                   "cmp": lambda: left - right, "test": lambda: left & right, "not": lambda: ~left, "mov": lambda: right}
        result = results[name]()
        if name not in ("mov", "not"):
            self.zf = result == 0
        if name in ("cmp", "test"):
            return
        if insn.kind == "r_rm":
            self.put(insn.reg, result, insn.has_rex)
        else:
            self.put_rm(insn, operands, result)


def ring(name):
    return Array(name, BitVecSort(16), BitVecSort(8))
