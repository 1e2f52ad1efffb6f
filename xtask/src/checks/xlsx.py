"""Opens every workbook of a folder with openpyxl and compares it with the JSON beside it."""

import json
import pathlib
import sys

from openpyxl import load_workbook

wrong = []
cells = 0
books = sorted(pathlib.Path(sys.argv[1]).glob("*.xlsx"))
for path in books:
    wanted = json.loads(path.with_suffix(".sheet.json").read_text(encoding="utf-8"))
    book = load_workbook(path)
    if book.sheetnames != [sheet["name"] for sheet in wanted]:
        wrong.append(f"{path.name}: sheets {book.sheetnames}")
        continue
    for sheet in wanted:
        page = book[sheet["name"]]
        rows = [[column["heading"] for column in sheet["columns"]], *sheet["rows"]]
        if page.max_row != len(rows):
            wrong.append(f"{path.name}: {page.max_row} rows for {len(rows)}")
        for number, row in enumerate(rows, 1):
            for place, text in enumerate(row, 1):
                cell = page.cell(number, place)
                cells += 1
                if (cell.value or "") != text:
                    wrong.append(f"{path.name} {cell.coordinate}: {cell.value!r} for {text!r}")
                elif text and cell.data_type != "s":
                    wrong.append(f"{path.name} {cell.coordinate}: type {cell.data_type}")
        choices = [column for column in sheet["columns"] if column["choices"]]
        if len(page.data_validations.dataValidation) != len(choices):
            wrong.append(f"{path.name}: drop-downs missing in {sheet['name']}")
for line in wrong[:40]:
    print(line)
print(f"openpyxl found what was written: {len(books)} workbooks, {cells} cells, {len(wrong)} differ")
sys.exit(1 if wrong or len(books) < 2 else 0)
