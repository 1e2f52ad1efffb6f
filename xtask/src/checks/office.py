"""Opens the annexes and workbooks of a folder and compares them with the JSON beside them."""

import datetime
import json
import pathlib
import sys

from docx import Document
from docx.oxml.ns import qn
from docx.shared import Mm
from openpyxl import load_workbook

wrong = []
seen = {"paragraphs": 0, "cells": 0, "numbers": 0, "days": 0}


def check(what, found, wanted):
    if found != wanted:
        wrong.append(f"{what}: {found!r} for {wanted!r}")


def annex(path, wanted):
    document = Document(path)
    page = document.sections[0]
    for name, found, size in [
        ("width", page.page_width, 210),
        ("height", page.page_height, 297),
        ("top", page.top_margin, 37),
        ("left", page.left_margin, 28),
        ("text", page.page_width - page.left_margin - page.right_margin, 156),
        ("lines", page.page_height - page.top_margin - page.bottom_margin, 225),
    ]:
        if abs(found - Mm(size)) > Mm(0.2):
            wrong.append(f"{path.name}: {name} is {found.mm} mm")
    fonts = document.styles["Normal"].element.rPr.rFonts
    check(f"{path.name}: body", fonts.get(qn("w:eastAsia")), "仿宋_GB2312")
    check(f"{path.name}: size", document.styles["Normal"].font.size.pt, 16.0)
    texts = [paragraph.text for paragraph in document.paragraphs]
    seen["paragraphs"] += len(texts)
    for line in wanted["closing"]:
        check(f"{path.name}: {line}", line in texts, True)
    tables = iter(document.tables)
    for section in wanted["sections"]:
        heading = any(text.endswith("、" + section["name"]) for text in texts)
        check(f"{path.name}: heading {section['name']}", heading, True)
        for part in section["parts"]:
            for line in part.get("text", []):
                check(f"{path.name}: {line}", line in texts, True)
            if "facts" in part:
                # A cell that spans columns comes once for each of them.
                cells = [cell.text for row in next(tables).rows for cell in row.cells]
                for label, value in part["facts"]:
                    at = cells.index(label) if label in cells else -2
                    check(f"{path.name}: {label}", cells[at + 1], value)
            if "rows" in part:
                table = next(tables)
                head = table.rows[0]._tr.trPr.findall(qn("w:tblHeader"))
                check(f"{path.name}: heading comes again", len(head), 1)
                found = [[cell.text for cell in row.cells] for row in table.rows[1:]]
                seen["cells"] += sum(map(len, found))
                check(f"{path.name}: {section['name']}", found, part["rows"])
            if "boxes" in part:
                check(f"{path.name}: boxes", len(next(tables).rows), part["boxes"])


def workbook(path, wanted):
    book = load_workbook(path)
    for section in wanted["sections"]:
        if any("boxes" in part for part in section["parts"]):
            continue
        sheet = book[section["name"]]
        for row in sheet.iter_rows():
            for cell in row:
                seen["cells"] += cell.value is not None
                seen["numbers"] += cell.data_type == "n" and cell.value is not None
                seen["days"] += isinstance(cell.value, datetime.datetime)
                check(f"{path.name} {cell.coordinate}: a formula", cell.data_type == "f", False)
        rows = [[text(cell) for cell in row if cell.value is not None] for row in sheet.iter_rows()]
        flat = [cell for row in rows for cell in row]
        for part in section["parts"]:
            for line in part.get("text", []):
                check(f"{path.name}: {line}", line in flat, True)
            for label, value in part.get("facts", []):
                check(f"{path.name}: {label}", [label, value] in rows, True)
            for row in part.get("rows", []):
                # A pair and a note have two cells there.
                pieces = []
                for cell in row:
                    pieces += cell.split("\n", 1) if "\n" in cell else cell.split("/") if is_pair(cell) else [cell]
                check(f"{path.name}: {section['name']} {pieces}", pieces in rows, True)


def is_pair(cell):
    return cell.count("/") == 1 and cell.replace("/", "").isdigit()


def text(cell):
    """A cell as its format shows it."""
    if isinstance(cell.value, datetime.datetime):
        return str(cell.value.date())
    if cell.number_format == "0%":
        return f"{round(cell.value * 100)}%"
    if cell.number_format.startswith('0"'):
        return str(cell.value) + cell.number_format[2:-1]
    return str(cell.value)


folder = pathlib.Path(sys.argv[1])
for name in ["short", "long"]:
    wanted = json.loads((folder / f"{name}.annex.json").read_text(encoding="utf-8"))
    annex(folder / f"{name}.docx", wanted)
    workbook(folder / f"{name}.xlsx", wanted)
for line in wrong[:40]:
    print(line)
figures = ", ".join(f"{count} {what}" for what, count in seen.items())
print(f"python-docx and openpyxl found what was written: {figures}, {len(wrong)} differ")
sys.exit(1 if wrong or not all(seen.values()) else 0)
