"""Has the GNU assembler encode every instruction form that the emitted kernels use: python3 make_encodings.py

Writes encodings.tsv: one instruction a line, as the test reads it, a tab, the bytes in hexadecimal. A register is
x3, y3 or z3 (xmm, ymm, zmm) or a general purpose register's name, memory is [base,index,scale,displacement] with - for no
index, a mask follows as k1 or k1z, a broadcast memory operand as b, an immediate as #n.
"""
import pathlib
import random
import re
import subprocess
import tempfile

GPS = "rax rcx rdx rbx rsp rbp rsi rdi r8 r9 r10 r11 r12 r13 r14 r15".split()
EVERY, VEX, EVEX = "every", "vex", "evex"
# name: mnemonic, form, sizes, encodings
OPS = {
    "VMOVUPS": ("vmovups", "load", "xyz", EVERY), "VMOVUPS_STORE": ("vmovups", "store", "xyz", EVERY),
    "VMOVAPS": ("vmovaps", "load", "xyz", EVERY), "VMOVAPS_STORE": ("vmovaps", "store", "xyz", EVERY),
    "VMOVDQU": ("vmovdqu", "load", "xy", VEX), "VMOVDQU_STORE": ("vmovdqu", "store", "xy", VEX),
    "VMOVDQU32": ("vmovdqu32", "load", "xyz", EVEX), "VMOVDQU32_STORE": ("vmovdqu32", "store", "xyz", EVEX),
    "VMOVDQU8": ("vmovdqu8", "load", "xyz", EVEX), "VMOVDQU8_STORE": ("vmovdqu8", "store", "xyz", EVEX),
    "VMOVSS": ("vmovss", "load4", "x", EVERY), "VMOVSS_STORE": ("vmovss", "store4", "x", EVERY),
    "VMOVD_STORE": ("vmovd", "store4", "x", EVERY), "VMOVQ_STORE": ("vmovq", "store8", "x", VEX),
    "VMASKMOVPS": ("vmaskmovps", "threemem", "xy", VEX), "VMASKMOVPS_STORE": ("vmaskmovps", "threestore", "xy", VEX),
    "VBROADCASTSS": ("vbroadcastss", "from4", "xyz", EVERY), "VPBROADCASTD": ("vpbroadcastd", "from4", "xyz", EVERY),
    "VPBROADCASTQ": ("vpbroadcastq", "from8", "xyz", EVERY), "VPBROADCASTW": ("vpbroadcastw", "from2", "xyz", EVERY),
    "VPBROADCASTB": ("vpbroadcastb", "from1", "xyz", EVERY), "VBROADCASTI128": ("vbroadcasti128", "load16", "y", VEX),
    "VCVTDQ2PS": ("vcvtdq2ps", "two", "xyz", EVERY), "VCVTPS2DQ": ("vcvtps2dq", "two", "xyz", EVERY),
    "VPOPCNTQ": ("vpopcntq", "two", "xyz", EVEX), "VPOPCNTD": ("vpopcntd", "two", "xyz", EVEX),
    "VPDPBUSD_VEX": ("{vex} vpdpbusd", "three", "xy", VEX),
    "VPMOVDB_STORE": ("vpmovdb", "storequarter", "xyz", EVEX),
    "VPMOVUSDB_STORE": ("vpmovusdb", "storequarter", "xyz", EVEX),
    "VPEXTRB_STORE": ("vpextrb", "storebyteimm", "x", VEX),
    "VPMOVZXBD": ("vpmovzxbd", "fromquarter", "xyz", EVERY), "VPMOVSXBD": ("vpmovsxbd", "fromquarter", "xyz", EVERY),
    "VPMOVSXBW": ("vpmovsxbw", "fromhalf", "xyz", EVERY), "VPMOVZXBW": ("vpmovzxbw", "fromhalf", "xyz", EVERY),
    "VPMOVZXBQ": ("vpmovzxbq", "fromeighth", "xyz", EVERY),
    "VPERMD": ("vpermd", "three", "yz", EVERY), "VPERMQ": ("vpermq", "twoimm", "yz", EVERY),
    "VPTERNLOGD": ("vpternlogd", "threeimm", "xyz", EVEX), "VINSERTI128": ("vinserti128", "insert", "y", VEX),
    "VEXTRACTI128": ("vextracti128", "extract16", "y", VEX),
    "VEXTRACTI32X4": ("vextracti32x4", "extract16", "yz", EVEX),
    "VEXTRACTI64X4": ("vextracti64x4", "extract32", "z", EVEX),
}
for three in ("VADDPS VSUBPS VMULPS VMAXPS VMINPS VFMADD231PS VFMADD213PS VPADDB VPADDW VPADDD VPADDQ VPSUBW VPSUBD VPMULLW VPMULLD "
              "VPMAXSD VPMINSD VPMADDUBSW VPMADDWD VPSHUFB VPSADBW VPACKSSDW VPACKUSDW VPACKUSWB VPUNPCKLDQ VPUNPCKHDQ VPUNPCKLQDQ "
              "VPUNPCKHQDQ").split():
    OPS[three] = (three.lower(), "three", "xyz", EVERY)
for three in "VPDPBUSD VPDPWSSD VPXORD VPANDD".split():
    OPS[three] = (three.lower(), "three", "xyz", EVEX)
for three in "VXORPS VPXOR VPAND VPOR VPANDN VPCMPGTD VPMINUB VPCMPEQB".split():
    OPS[three] = (three.lower(), "three", "xy", VEX)
BROADCAST = set("VADDPS VSUBPS VMULPS VMAXPS VMINPS VFMADD231PS VFMADD213PS VPADDD VPSUBD VPMULLD VPMAXSD VPMINSD VPDPBUSD "
                "VPDPWSSD VPXORD VPANDD".split())
MASKED = BROADCAST | set("VMOVUPS VMOVUPS_STORE VMOVDQU32 VMOVDQU32_STORE VMOVDQU8 VMOVDQU8_STORE VPADDW".split())
SIZES = {"x": 16, "y": 32, "z": 64}
WORDS = {1: "byte", 2: "word", 4: "dword", 8: "qword", 16: "xmmword", 32: "ymmword", 64: "zmmword"}

rng = random.Random(20)


class Line:
    """One instruction in both notations."""

    def __init__(self, op):
        self.op, self.ours, self.theirs = op, [], []

    def register(self, size, number, suffix=""):
        self.ours.append(f"{size}{number}")
        self.theirs.append(f"{ {'x': 'xmm', 'y': 'ymm', 'z': 'zmm'}[size] }{number}{suffix}")

    def memory(self, size, suffix=""):
        base = rng.choice(GPS)
        index = rng.choice([None] + [g for g in GPS if g != "rsp"])
        scale = rng.choice([1, 2, 4, 8]) if index else 1
        disp = rng.choice([0, rng.randrange(-128, 128), rng.randrange(-128, 128) * size, rng.randrange(-2**31, 2**31)])
        self.ours.append(f"[{base},{index or '-'},{scale},{disp}]")
        self.theirs.append(f"{WORDS[size]} ptr [{base}{f'+{index}*{scale}' if index else ''}{disp:+d}]{suffix}")

    def immediate(self):
        n = rng.randrange(0, 2)
        self.ours.append(f"#{n}")
        self.theirs.append(str(n))


def vector(op):
    mnemonic, form, sizes, encodings = OPS[op]
    size = rng.choice(sizes)
    evex = encodings != VEX and (encodings == EVEX or size == "z" or rng.random() < 0.4)
    top = 32 if evex and rng.random() < 0.8 else 16
    number = lambda: rng.randrange(top)
    line = Line(op)
    mask, suffix = "", ""
    if evex and op in MASKED and rng.random() < 0.4:
        k = rng.randrange(1, 8)
        zero = rng.random() < 0.5 and not op.endswith("STORE")
        mask, suffix = f"k{k}{'z' if zero else ''}", f"{{k{k}}}{'{z}' if zero else ''}"
    memory = rng.random() < 0.5
    bytes_ = SIZES[size]
    if form in ("three", "threeimm"):
        line.register(size, number(), suffix)
        line.register(size, number())
        if memory and evex and op in BROADCAST and rng.random() < 0.5 and not mask:
            line.memory(4, f"{{1to{bytes_ // 4}}}")
            mask = "b"
        elif memory:
            line.memory(bytes_)
        else:
            line.register(size, number())
        if form == "threeimm":
            if mask == "b" or memory:
                return vector(op)
            line.immediate()
    elif form == "threemem":
        line.register(size, number()), line.register(size, number()), line.memory(bytes_)
    elif form == "threestore":
        line.register(size, number()), line.register(size, number()), line.memory(bytes_)
        line.theirs = [line.theirs[2], line.theirs[1], line.theirs[0]]
    elif form in ("two", "load") and not memory and not mask:
        mnemonic = "{load} " + mnemonic if form == "load" else mnemonic  # or a store's form may be shorter
        line.register(size, number()), line.register(size, number())
    elif form in ("two", "load"):
        line.register(size, number(), suffix), line.memory(bytes_)
    elif form == "twoimm":
        line.register(size, number()), line.register(size, number()), line.immediate()
    elif form == "insert":
        line.register(size, number()), line.register(size, number()), line.register("x", number()), line.immediate()
    elif form.startswith("extract"):
        line.register(size, number()), line.register("x" if form == "extract16" else "y", number())
        line.theirs.reverse()
        line.immediate()
    elif form.startswith("from") or form.startswith("load"):
        part = {"fromhalf": bytes_ // 2, "fromquarter": bytes_ // 4, "fromeighth": bytes_ // 8}.get(form)
        line.register(size, number())
        if part and not memory:
            line.register({32: "y"}.get(part, "x"), number())
        elif form.startswith("from") and not part and not memory:
            line.register("x", number())
        else:
            line.memory(part or int(re.sub(r"\D", "", form)))
    elif form == "storebyteimm":
        line.register(size, number()), line.memory(1)
        line.theirs.reverse()
        line.immediate()
    else:
        part = {"store": bytes_, "storequarter": bytes_ // 4}.get(form) or int(re.sub(r"\D", "", form))
        line.register(size, number()), line.memory(part, suffix)
        line.theirs.reverse()
    if mask:
        line.ours.append(mask)
    prefix = "{evex} " if evex and encodings == EVERY else "{vex} " if encodings != EVEX and "{v" not in mnemonic else ""
    needs = any(re.search(r"mm(1[6-9]|2\d|3[01])|zmm|\{", t) for t in line.theirs)
    if prefix == "{evex} " and not needs:
        prefix = ""  # the shorter VEX form is what everybody wants
    return f"{op} {' '.join(line.ours)}", f"{prefix}{mnemonic} {', '.join(line.theirs)}"


def general():
    kind = rng.choice("mov load store load32 store32 movi lea add and sub cmp addr cmpr push pop prefetch prefetch1 kmov".split())
    a, b = rng.choice(GPS), rng.choice(GPS)
    line = Line(kind)
    low = {g: (g + "d" if g[1].isdigit() else "e" + g[1:]) for g in GPS}
    if kind in ("mov", "addr", "cmpr"):
        return f"{kind} {a} {b}", f"{kind.rstrip('r') if kind != 'mov' else kind} {a}, {b}"
    if kind in ("load", "store", "load32", "store32", "lea", "prefetch", "prefetch1"):
        line.memory(1 if kind.startswith("prefetch") else 4 if kind.endswith("32") else 8)
        ours, theirs = line.ours[0], line.theirs[0]
        return {"load": (f"load {a} {ours}", f"mov {a}, {theirs}"), "store": (f"store {a} {ours}", f"mov {theirs}, {a}"),
                "load32": (f"load32 {a} {ours}", f"mov {low[a]}, {theirs}"),
                "store32": (f"store32 {a} {ours}", f"mov {theirs}, {low[a]}"),
                "lea": (f"lea {a} {ours}", f"lea {a}, {theirs}"),
                "prefetch": (f"prefetch {ours}", f"prefetcht0 {theirs}"),
                "prefetch1": (f"prefetch1 {ours}", f"prefetcht1 {theirs}")}[kind]
    if kind == "movi":
        n = rng.randrange(-2**31, 2**31)
        return f"movi {a} #{n}", f"mov {low[a]}, {n}"
    if kind in ("add", "and", "sub", "cmp"):
        n = rng.choice([rng.randrange(-128, 128), rng.randrange(-2**31, 2**31)])
        return f"{kind} {a} #{n}", f"{kind} {a}, {n}"
    if kind == "kmov":
        k = rng.randrange(1, 8)
        return f"kmov #{k} {a}", f"kmovd k{k}, {low[a]}"
    return f"{kind} {a}", f"{kind} {a}"


def main():
    cases = [vector(op) for op in OPS for _ in range(24)] + [general() for _ in range(300)]
    for n in range(20):
        size, d, s, c = rng.choice("xyz"), rng.randrange(16), rng.randrange(16), rng.randrange(16)
        name = {"x": "xmm", "y": "ymm", "z": "zmm"}[size]
        cases.append((f"shift {size}{d} {size}{s} #{c}", f"vpsrlw {name}{d}, {name}{s}, {c}"))
    for n in range(24):
        line, size, k, a = Line("memory"), rng.choice("yz"), rng.randrange(1, 8), rng.randrange(32)
        line.memory(SIZES[size])
        name, predicate = {"y": "ymm", "z": "zmm"}[size], rng.randrange(32)
        cases.append((f"compare VCMPPS #{k} {size}{a} {line.ours[0]} #{predicate}",
                      f"vcmpps k{k}, {name}{a}, {line.theirs[0]}, {predicate}"))
        line = Line("memory")
        line.memory(SIZES[size])
        cases.append((f"compare VPCMPD #{k} {size}{a} {line.ours[0]} #{predicate % 8}",
                      f"vpcmpd k{k}, {name}{a}, {line.theirs[0]}, {predicate % 8}"))
        line = Line("memory")
        line.memory(2)
        cases.append((f"kmovw {line.ours[0]} #{k}", f"kmovw {line.theirs[0]}, k{k}"))
    for n in range(24):
        line, size, a, b = Line("memory"), rng.choice("xy"), rng.randrange(16), rng.randrange(16)
        line.memory(SIZES[size])
        name, predicate, gp = {"x": "xmm", "y": "ymm"}[size], rng.randrange(32), rng.randrange(16)
        cases.append((f"compare256 VCMPPS_VEX {size}{a} {size}{b} {line.ours[0]} #{predicate}",
                      f"vcmpps {name}{a}, {name}{b}, {line.theirs[0]}, {predicate}"))
        low = GPS[gp] + "d" if GPS[gp][1].isdigit() else "e" + GPS[gp][1:]
        cases.append((f"signs {GPS[gp]} {size}{a}", f"vmovmskps {low}, {name}{a}"))
        cases.append((f"bytesigns {GPS[gp]} {size}{a}", f"vpmovmskb {low}, {name}{a}"))
        line = Line("memory")
        line.memory(1)
        byte = GPS[gp] + "b" if GPS[gp][1].isdigit() else GPS[gp][1] + "l" if GPS[gp][2] == "x" else GPS[gp][1:] + "l"
        cases.append((f"store8 {GPS[gp]} {line.ours[0]}", f"mov {line.theirs[0]}, {byte}"))
    cases += [("ret", "ret"), ("vzeroupper", "vzeroupper"), ("cpuid", "cpuid"), ("xgetbv", "xgetbv")]
    with tempfile.TemporaryDirectory() as folder:
        source, obj = pathlib.Path(folder, "a.s"), pathlib.Path(folder, "a.o")
        source.write_text(".intel_syntax noprefix\n" + "".join(f"l{i}: {t}\n" for i, (_, t) in enumerate(cases))
                          + f"l{len(cases)}:\n")
        subprocess.run(["as", "--64", "-o", obj, source], check=True)
        symbols = subprocess.run(["nm", obj], check=True, capture_output=True, text=True).stdout
        at = {line.split()[2]: int(line.split()[0], 16) for line in symbols.splitlines()}
        binary = pathlib.Path(folder, "a.bin")
        subprocess.run(["objcopy", "-O", "binary", "-j", ".text", obj, binary], check=True)
        code = binary.read_bytes()
    out = pathlib.Path(__file__).with_name("encodings.tsv")
    out.write_text("".join(f"{ours}\t{code[at[f'l{i}']:at[f'l{i + 1}']].hex()}\n" for i, (ours, _) in enumerate(cases)))


main()
