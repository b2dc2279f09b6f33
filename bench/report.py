"""Holds the making of a report's PDF against WeasyPrint, which makes PDFs of web pages: the same words, picture and map.

    bench/report.py BENCH [--rounds N] [--keep FOLDER] [--json FILE]

BENCH is the built `report-bench`. Picture and words are made here, the same in every run. Both sides work in a process
that is already running, one after the other in each round, and each makes the document once before it counts. The heat
map is a grid of numbers for ours, as the model gives it, and a finished PNG for WeasyPrint. Ours is tagged, holds the
JPEG as it is and aims at PDF/A-2b; WeasyPrint is asked for the same (`pdf_variant="pdf/a-2b"`, `pdf_tags=True`) in one
column of the table and for nothing in the other. Prints a Markdown table of medians; a ratio is WeasyPrint's time by ours.

Needs Pillow, numpy and weasyprint, which the product doesn't.
"""

import argparse
import html
import io
import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy
import weasyprint
from PIL import Image

sys.path.insert(0, str(Path(__file__).resolve().parent))

from decode import film  # noqa: E402

WARNING = (
    "A computer program made this report. It is not a diagnosis, and it can't rule anything out. What is below a "
    "threshold may still be there. Decide nothing by this report alone."
)
FINDINGS = (
    "Atelectasis", "Cardiomegaly", "Consolidation", "Edema", "Effusion", "Emphysema", "Enlarged cardiomediastinum",
    "Fibrosis", "Fracture", "Hernia", "Infiltration", "Lung lesion", "Lung opacity", "Mass", "Nodule",
    "Pleural thickening", "Pneumonia", "Pneumothorax",
)  # fmt: skip
NOT_CHECKED = (
    "Ribs and other bones", "Tubes, lines and devices", "Free air under the diaphragm", "The soft tissue of the neck",
    "Foreign bodies", "What lies behind the heart", "Changes since an earlier picture", "The quality of breathing in",
)  # fmt: skip


def described(picture: Path, values: list[float]) -> dict:
    """A report of three pages, as blocks."""
    rows = [
        [
            name,
            f"{7 + 4 * index} %",
            "50 %",
            "at or over" if index > 10 else "below",
            f"Of 412 validation pictures with such a number, {3 + index} had it and {409 - index} did not; AUC 0.8{index % 10} (0.80 to 0.92); "
            f"sensitivity 7{index % 10} %, specificity 8{index % 10} %; on 4120 pictures",
        ]
        for index, name in enumerate(FINDINGS)
    ]
    caption = "Brighter means more weight. It is not an outline of a disease."
    picture_of = {"file": str(picture), "alternative": "The chest X-ray that was analysed."}
    return {
        "title": "Chest X-ray: model findings",
        "author": "Lightbox",
        "subject": "Research and education. Not a diagnosis.",
        "keywords": ["chest X-ray", "research"],
        "created": "2026-11-23T10:00:00Z",
        "header": "Heron 12   ·   Report 01JD0000000000000000000000",
        "footer": "Research and education only. Not a medical device, not a diagnosis.",
        "blocks": [
            {"heading": "Chest X-ray: model findings", "level": 1},
            {"notice": ["For research and education", WARNING]},
            {"heading": "How urgent", "level": 2},
            {"paragraph": "See a doctor within a day. Take this report and the picture with you."},
            {"list": ["Short of breath at rest (urgent, from the history)", "Fever over 39 degrees (soon)"]},
            {"heading": "The record, as told", "level": 2},
            {
                "keyValues": [
                    ["Age", "54 years"], ["Sex", "female"], ["Reason", "Cough for three weeks, now with fever"],
                    ["Smoking", "20 a day for 30 years"], ["Pack-years", "30.0, computed"], ["Allergies", "Penicillin"],
                    ["Medicines", "Ramipril 5 mg, once a day; Salbutamol when needed"], ["Ω Ж", "Δοκιμή, проба"],
                ]
            },  # fmt: skip
            {"heading": "The picture", "level": 2},
            {
                "figures": [
                    {**picture_of, "caption": "The picture as received (shown smaller)."},
                    {**picture_of, "caption": f"The score for Pneumonia. {caption}", "columns": 16, "values": values},
                ]
            },
            {"paragraph": "JPEG, 2500 × 2048 pixels, 8 bits; PA, as the model estimates (98 %)."},
            {"heading": "What the model found", "level": 2},
            {"paragraph": f"At or over the threshold: {', '.join(FINDINGS[11:])}."},
            {
                "header": ["Finding", "Probability", "Threshold", "Reading", "How good the model is at it"],
                "rows": rows,
                "weights": [2.4, 1.2, 1.1, 1.1, 3.2],
            },
            *(
                block
                for name in FINDINGS[14:]
                for block in ({"heading": name, "level": 3}, {"paragraph": f"{name}. {WARNING}"})
            ),
            {"heading": "What was not checked", "level": 2},
            {"list": list(NOT_CHECKED)},
            {"note": WARNING},
        ],
    }


def page_of(document: dict, heat: Path) -> str:
    """The same as a web page."""
    text = html.escape
    parts = []
    for block in document["blocks"]:
        if "heading" in block:
            parts.append(f"<h{block['level']}>{text(block['heading'])}</h{block['level']}>")
        elif "paragraph" in block:
            parts.append(f"<p>{text(block['paragraph'])}</p>")
        elif "note" in block:
            parts.append(f"<p class=note>{text(block['note'])}</p>")
        elif "notice" in block:
            title, words = block["notice"]
            parts.append(f"<div class=notice><strong>{text(title)}</strong><p>{text(words)}</p></div>")
        elif "list" in block:
            parts.append("<ul>" + "".join(f"<li>{text(item)}</li>" for item in block["list"]) + "</ul>")
        elif "keyValues" in block:
            rows = "".join(f"<tr><th>{text(key)}</th><td>{text(value)}</td></tr>" for key, value in block["keyValues"])
            parts.append(f"<table class=pairs>{rows}</table>")
        elif "rows" in block:
            head = "".join(f"<th>{text(cell)}</th>" for cell in block["header"])
            rows = "".join("<tr>" + "".join(f"<td>{text(cell)}</td>" for cell in row) + "</tr>" for row in block["rows"])
            parts.append(f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>")
        elif "figures" in block:
            figures = ""
            for figure in block["figures"]:
                layers = f"<img src='file://{figure['file']}' alt='{text(figure['alternative'])}'>"
                if "values" in figure:
                    layers += f"<img class=heat src='file://{heat}' alt=''>"
                caption = text(figure["caption"])
                figures += f"<figure><div>{layers}</div><figcaption>{caption}</figcaption></figure>"
            parts.append(f"<div class=figures>{figures}</div>")
    header, footer = (document[name].replace('"', "") for name in ("header", "footer"))
    return f"""<!doctype html><html lang=en><head><title>{text(document["title"])}</title>
<meta name=author content="{text(document["author"])}"><meta name=description content="{text(document["subject"])}">
<style>
@page {{ size: A4; margin: 70pt 54pt 62pt;
  @top-left {{ content: "{header}"; font-size: 8.5pt; color: #5c6673 }}
  @bottom-left {{ content: "{footer}"; font-size: 8.5pt; color: #5c6673 }}
  @bottom-right {{ content: "Page " counter(page) " of " counter(pages); font-size: 8.5pt; color: #5c6673 }} }}
body {{ font: 10pt/1.25 "Liberation Sans", "Noto Sans", sans-serif; color: #1c2129 }}
h1 {{ font-size: 20pt; color: #0d5266 }} h2 {{ font-size: 13pt; color: #0d5266 }} h3 {{ font-size: 10.5pt }}
.notice {{ background: #fdf2e0; border-left: 3pt solid #b86b0d; padding: 10pt 12pt }} .note {{ font-size: 8.5pt }}
table {{ border-collapse: collapse; width: 100% }} td, th {{ padding: 4pt; text-align: left; vertical-align: top }}
tr {{ border-bottom: 0.6pt solid #ccd4db; break-inside: avoid }} .pairs tr {{ border: 0 }} .pairs th {{ width: 110pt }}
.figures {{ display: flex; gap: 14pt }} figure {{ margin: 0; width: 236pt }} figure div {{ position: relative }}
img {{ width: 236pt; height: 193pt }} .heat {{ position: absolute; left: 0; top: 0 }} figcaption {{ font-size: 8.5pt }}
</style></head><body>{"".join(parts)}</body></html>"""


def heat_picture(values: numpy.ndarray, size: int = 400) -> bytes:
    """A PNG with transparency, in about the colours of ours."""
    grid = numpy.asarray(Image.fromarray(values.astype(numpy.float32)).resize((size, size), Image.BILINEAR))
    strength = numpy.clip((grid / values.max() - 1 / 3) * 1.5, 0, 1)
    colours = numpy.stack([0.34 + 0.65 * strength, 0.06 + 0.9 * strength, 0.43 + 0.17 * strength], axis=-1)
    alpha = numpy.minimum(0.62, strength * 1.4)[..., None]
    out = io.BytesIO()
    Image.fromarray((numpy.concatenate([colours, alpha], axis=-1) * 255).astype(numpy.uint8)).save(out, "PNG")
    return out.getvalue()


class Ours:
    """The running `report-bench`."""

    def __init__(self, bench: Path, document: Path) -> None:
        self.process = subprocess.Popen([bench, document], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def make(self, keep: Path | None = None) -> float:
        print(f"write {keep}" if keep else "make", file=self.process.stdin, flush=True)
        answer = self.process.stdout.readline()
        if not answer:
            raise SystemExit("report-bench ended")
        return float(answer.split()[0])

    def end(self) -> None:
        self.process.stdin.close()
        self.process.wait(timeout=10)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bench", type=Path, help="the built report-bench")
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--keep", type=Path, help="a folder that the documents are left in")
    parser.add_argument("--json", type=Path, help="also writes the numbers there")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = arguments.keep or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        picture, heat, description = folder / "film.jpg", folder / "heat.png", folder / "document.json"
        Image.fromarray(film(1280, 1048)).save(picture, quality=88)
        y, x = numpy.mgrid[0:16, 0:16] / 15
        values = numpy.exp(-(((x - 0.3) / 0.16) ** 2) - ((y - 0.6) / 0.2) ** 2)
        heat.write_bytes(heat_picture(values))
        document = described(picture.resolve(), [float(value) for value in values.ravel()])
        description.write_text(json.dumps(document))
        page = page_of(document, heat.resolve())

        def peer(**options: object) -> tuple[float, bytes]:
            started = time.perf_counter()
            made = weasyprint.HTML(string=page).write_pdf(**options)
            return (time.perf_counter() - started) * 1000, made

        same = {"pdf_variant": "pdf/a-2b", "pdf_tags": True}
        ours = Ours(arguments.bench, description)
        ours.make(folder / "ours.pdf")
        (folder / "weasyprint.pdf").write_bytes(peer(**same)[1])
        peer()
        times: dict[str, list[float]] = {"ours": [], "plain": [], "same": []}
        for _ in range(arguments.rounds):
            times["ours"].append(ours.make())
            times["plain"].append(peer()[0])
            times["same"].append(peer(**same)[0])
        ours.end()
        sizes = {name: (folder / f"{name}.pdf").stat().st_size // 1024 for name in ("ours", "weasyprint")}
    medians = {name: statistics.median(values) for name, values in times.items()}
    print(f"WeasyPrint {weasyprint.__version__}, {arguments.rounds} rounds, medians, fastest in brackets\n")
    print("| | ms | ratio to ours |\n| --- | ---: | ---: |")
    for name, label in (
        ("ours", "Lightbox, tagged, PDF/A-2b aimed at"),
        ("plain", "WeasyPrint as it comes"),
        ("same", "WeasyPrint, tagged, PDF/A-2b"),
    ):
        ratio = medians[name] / medians["ours"]
        print(f"| {label} | {medians[name]:.1f} ({min(times[name]):.1f}) | {ratio:.1f} |")
    print(f"\nKiB: ours {sizes['ours']}, WeasyPrint {sizes['weasyprint']}")
    if arguments.json:
        arguments.json.write_text(json.dumps({"version": weasyprint.__version__, "times": times}))


if __name__ == "__main__":
    main()
