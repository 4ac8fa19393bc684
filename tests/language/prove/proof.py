# SPDX-License-Identifier: GPL-2.0
"""The parts of a proof: the emitter's bytes, states, paths, claims, and operands as symbols. See prove.py."""

import ctypes as c
import sys
from z3 import (And, BitVec, BitVecVal, BoolVal, Concat, Extract, Implies, Not, Select, SignExt, Solver, ZeroExt, sat,
                unknown)
from meaning import Op, State
from x86 import NAMES, RBP, RBX, RCX, RDX, RSP, Machine, Unknown, decode, ring

HOST, STOP = -0x123456, -0x12345  # as in prove.c
ANY_CELL = BitVec("any cell", 16)


class Wrong(Exception):
    """A claim does not hold."""


class OpStruct(c.Structure):
    _fields_ = [("kind", c.c_uint8), ("val", c.c_uint8), ("reg", c.c_uint8), ("src_reg", c.c_uint8), ("off", c.c_int16),
                ("src_off", c.c_int16), ("match", c.c_uint32), ("source_off", c.c_uint32), ("text_off", c.c_uint32)]


class Field(c.Structure):
    _fields_ = [("at", c.c_uint32), ("len", c.c_uint32), ("which", c.c_uint32)]


class MachineStruct(c.Structure):
    _fields_ = [("tape", c.c_void_p), ("fuel", c.c_uint64), ("head", c.c_uint16), ("op_ix", c.c_uint32), ("status", c.c_uint32), ("regs", c.c_uint8 * 8)]


lib = c.CDLL(sys.argv[1])
lib.prove_emit.restype = c.c_void_p
lib.prove_cover.restype = c.c_uint64
quick = "--quick" in sys.argv
counts = {"templates": 0, "obligations": 0, "encodings": 0}


def to_struct(op):
    return OpStruct(op.kind, op.val, op.reg, op.src_reg, op.off, op.src_off, op.match)


def emit(ops):
    """Returns the image of ops with concrete operands, and where the code of each begins."""
    array, length = (OpStruct * len(ops))(*map(to_struct, ops)), c.c_uint32()
    image = lib.prove_emit(array, len(ops), c.byref(length))
    if not image:
        raise Wrong("it is not emitted")
    code = c.string_at(image, length.value)
    lib.prove_free(c.c_void_p(image))
    return code, [op.text_off for op in array]


def decode_all(code, start, end):
    insns, at = {}, start
    while at < end:
        insns[at] = decode(code, at)
        at = insns[at].end
    if at != end:
        raise Wrong(f"an instruction goes over {end:#x}")
    return insns


def counterexample(claim):
    """Returns a state in which the claim does not hold; None: it is proved."""
    solver = Solver()
    solver.set("timeout", 1200000)
    solver.add(Not(claim))
    answer = solver.check()
    if answer == unknown:
        raise Wrong(f"z3 does not know ({solver.reason_unknown()})")
    return solver.model() if answer == sat else None


def require(*claims, show=()):
    """Proves obligations, pairs of a name and a claim, for all symbols. First all at once, which is faster."""
    counts["obligations"] += len(claims)
    if counterexample(And([claim for _, claim in claims])) is None:
        return
    for what, claim in claims:
        model = counterexample(claim)
        if model is not None:
            values = ", ".join(f"{name} {model.eval(value, model_completion=True)}" for name, value in show)
            raise Wrong(f"{what}: not so" + (f" with {values}" if values else ""))


# --- states ------------------------------------------------------------------------------------------------


def fresh(tag):
    """Returns the same state for the processor and for the interpreter."""
    base48, head, cells = BitVec("base" + tag, 48), BitVec("head" + tag, 16), ring("cells" + tag)
    regs = {i: BitVec(NAMES[i] + tag, 64) for i in range(16)}
    base = Concat(base48, BitVecVal(0, 16))
    regs[RBX] = Concat(base48, head)
    regs[RCX] = Concat(Extract(63, 8, regs[RCX]), BitVecVal(0, 8))
    state = State(cells, head, [None] + [Extract(7, 0, regs[8 + i]) for i in range(1, 8)], regs[RBP])
    return Machine(base, cells, regs), state


def same(machine, state, kept):
    """Yields the claims that the processor's state is the interpreter's, and that other registers are kept."""
    regs = machine.regs
    yield "the head", regs[RBX] == machine.base | ZeroExt(48, state.head)
    # Any one cell, not all at once: that is easier for z3.
    yield "the cells", Select(machine.cells, ANY_CELL) == Select(state.cells, ANY_CELL)
    for i in range(1, 8):
        yield f"register {i}", Extract(7, 0, regs[8 + i]) == state.regs[i]
    yield "the fuel", regs[RBP] == state.fuel
    yield "cl is 0", Extract(7, 0, regs[RCX]) == 0
    yield "r8 and rsp", And(regs[8] == kept[8], regs[RSP] == kept[RSP], regs[RDX] == kept[RDX])


def demand(machine, state, kept, condition=BoolVal(True)):
    claims = machine.obligations + list(same(machine, state, kept))
    require(*[(what, Implies(condition, claim)) for what, claim in claims],
            show=[("head", state.head), ("cell", state.get(0, 0)), ("fuel", kept[RBP])])


def paths(insns, machine, start, operands, stops, condition=BoolVal(True)):
    """Executes from @start to a place in @stops or outside @insns; yields (condition, place, machine)."""
    at = start
    while at in insns and at not in stops or at == start and at in insns:
        insn = insns[at]
        if insn.name in ("je", "jne"):
            if machine.zf is None:
                raise Wrong(f"a jump at {at:#x} on flags that nobody has set")
            taken = machine.zf if insn.name == "je" else Not(machine.zf)
            yield from paths_to(insns, machine.copy(), insn.target(), operands, stops, And(condition, taken))
            condition = And(condition, Not(taken))
        elif insn.name in ("jmp", "call"):
            yield from paths_to(insns, machine, insn.target(), operands, stops, condition)
            return
        else:
            machine.step(insn, operands)
        at = insn.end
    yield condition, at, machine


def paths_to(insns, machine, to, operands, stops, condition):
    if to in stops or to not in insns:
        yield condition, to, machine
    else:
        yield from paths(insns, machine, to, operands, stops, condition)


# --- operands ----------------------------------------------------------------------------------------------


def symbols(op, insns, tag=""):
    """Replaces operands in the code by symbols. Returns the op with them, the symbols by place, and the fields."""
    operands, fields, values = {}, [], {}
    samples = {"val": (op.val, 8, 0), "off": (op.off, 16, 1), "src_off": (op.src_off, 16, 2)}
    for insn in insns.values():
        for at, size in insn.fields.values():
            if insn.name in ("je", "jne", "jmp", "call"):
                continue
            number = int.from_bytes(insn.code[at - insn.at : at - insn.at + size], "little", signed=True)
            for which, (sample, width, index) in samples.items():
                if number in (sample, sample - 256) and sample not in (0, 1) and size < 8:
                    bits = min(width, 8 * size)
                    values.setdefault(which, BitVec(which + tag, bits))
                    operands[at, size] = values[which]
                    fields.append(Field(at, size, index))
    wide = {w: v if v.size() == (8 if w == "val" else 16) else SignExt(8, v) for w, v in values.items()}
    op = Op(op.kind, wide.get("val", op.val), op.reg, op.src_reg, wide.get("off", op.off),
            wide.get("src_off", op.src_off), op.match)
    return op, operands, fields


def offsets(name):
    """Returns all offsets with one form of displacement."""
    s8 = range(-128, 128)
    wide = [i for i in range(-32768, 32768) if i not in s8]
    return {"0": [0], "disp8": [i for i in s8 if i], "disp32": wide, "-": [0]}[name]


def array(of, values):
    return (of * len(values))(*values), len(values)


def cover(op, code, start, fields, vals, offs, src_offs):
    """Checks that other operands change their fields, and nothing else. Counts them."""
    if len(src_offs) > 1 or quick:
        vals = sample(vals)
    struct = to_struct(op)
    rebased = [Field(f.at - start, f.len, f.which) for f in sorted(fields, key=lambda f: f.at)]
    for offs_, src_offs_ in ((offs, sample(src_offs)), (sample(offs), src_offs)):
        n = lib.prove_cover(c.byref(struct), code, len(code), *array(Field, rebased), *array(c.c_uint8, vals),
                            *array(c.c_int16, offs_), *array(c.c_int16, src_offs_))
        if n != len(vals) * len(offs_) * len(src_offs_):
            raise Wrong(f"val {struct.val}, off {struct.off}, src_off {struct.src_off} has code of another form")
        counts["encodings"] += n


def sample(offs):
    """Returns the first and last three, and some between them."""
    return offs if len(offs) < 20 else offs[:3] + offs[-3:] + offs[3 : -3 : len(offs) // (4 if quick else 20)]


def template(what, prove, *args):
    """Proves one template and prints its line."""
    before, before_n = counts["obligations"], counts["encodings"]
    try:
        prove(*args)
    except (Wrong, Unknown) as why:
        print(f"FAILED  {what}: {why}")
        raise SystemExit(1)
    counts["templates"] += 1
    done, compared = counts["obligations"] - before, counts["encodings"] - before_n
    print(f"proved  {what}: {done} obligations, {compared} encodings", flush=True)
