#!/usr/bin/env python3
"""judge.py DIR --out PREFIX [--engines FOLDER] [--people N]

Lets two face networks look at a finished data set (`shogo dataset generate`) and writes what they said:
  PREFIX.npz             scores with people, for `shogo measure scores PREFIX.npz --mode swept` or `--mode split`
  PREFIX.templates.npz   templates (rows), subject, role (0 reference, 1 probe), path
  PREFIX.json            pictures in which no face was found, quantiles of genuine and impostor scores, how far the found
                         eyes of the probes lie from the truth
Scores are the cosine of a reference (chip photo) and a probe; higher is more alike. The networks never take part in making
people (docs/people.md). Run it with the Python that ci/fetch-engines prepared; about 30 ms a picture and core.
Exit: 0 judged, 1 the data set or the engines are missing or damaged, 2 wrong usage.
"""
import argparse
import json
import multiprocessing
import os
import pathlib
import sys

import numpy as np
from PIL import Image

import faces

FOUND = 0.5
_engines = None


def open_engines(folder):
    global _engines
    _engines = faces.Detector(folder), faces.Matcher(folder)


def look(task):
    folder, image = task
    pixels = np.asarray(Image.open(folder / image["path"]).convert("RGB"), dtype=np.float32)
    score, points = _engines[0].find(pixels)
    if score < FOUND:
        return score, None, None
    template = _engines[1].template(pixels, points)
    if image["role"] != "probe":
        return score, template, None  # the truth of a chip photo is that of the portrait it was cut from
    truth = np.array(image["truth"]["landmarks"])
    eyes_off = np.linalg.norm(points[:2] - truth[:2], axis=1).mean() / image["truth"]["eye_distance_px"]
    return score, template, float(eyes_off)


def quantiles(values):
    if not len(values):
        return None
    return {"n": len(values), "mean": float(np.mean(values)),
            **{f"p{q:g}": float(np.percentile(values, q)) for q in (0.1, 1, 50, 99, 99.9, 99.99)}}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--out", required=True)
    parser.add_argument("--engines", type=pathlib.Path, default=pathlib.Path(
        os.environ.get("SHOGO_ENGINES", pathlib.Path(os.environ.get("XDG_CACHE_HOME", pathlib.Path.home() / ".cache")) / "shogo/engines-1")))
    parser.add_argument("--people", type=int, default=10**9, help="only the first so many")
    arguments = parser.parse_args()
    try:
        manifest = json.loads((arguments.folder / "manifest.json").read_text())
        open_engines(arguments.engines)
    except Exception as error:  # ONNX Runtime has its own kinds of errors
        print(f"judge.py: {error}\nA finished data set and the engines (ci/fetch-engines) are needed.", file=sys.stderr)
        return 1
    images = [image for image in manifest["images"] if image["person"] < arguments.people]
    with multiprocessing.get_context("fork").Pool(os.cpu_count(), open_engines, (arguments.engines,)) as pool:
        seen = pool.map(look, [(arguments.folder, image) for image in images], chunksize=8)
    missed = [image["path"] for image, (score, _, _) in zip(images, seen) if score < FOUND]
    kept = [(image, template) for image, (_, template, _) in zip(images, seen) if template is not None]
    templates = np.array([template for _, template in kept], np.float32)
    people = np.array([image["person"] for image, _ in kept], np.uint32)
    probe = np.array([image["role"] == "probe" for image, _ in kept])
    scores = templates[~probe] @ templates[probe].T
    claimed, of = np.meshgrid(people[~probe], people[probe], indexing="ij")
    same = claimed == of
    np.savez(f"{arguments.out}.npz", scores=scores.ravel(), claimed=claimed.ravel(), probe=of.ravel())
    np.savez(f"{arguments.out}.templates.npz", templates=templates, subject=people, role=probe.astype(np.uint8),
             path=np.array([image["path"] for image, _ in kept]))
    report = {"data_set": {key: manifest[key] for key in ("dataset_version", "head", "protocol", "population", "seed", "people", "look_alikes_left_out")},
              "pictures": len(images), "no_face_found": missed, "least_sure": min(score for score, _, _ in seen),
              "genuine": quantiles(scores[same]), "impostor": quantiles(scores[~same]),
              "eyes_off_by_eye_distance": quantiles([off for _, _, off in seen if off is not None])}
    pathlib.Path(f"{arguments.out}.json").write_text(json.dumps(report, indent=1) + "\n")
    for key in ("genuine", "impostor", "eyes_off_by_eye_distance"):
        print(key, {name: round(value, 4) for name, value in (report[key] or {}).items()})
    print(f"{len(missed)} of {len(images)} pictures without a face")
    return 0


if __name__ == "__main__":
    sys.exit(main())
