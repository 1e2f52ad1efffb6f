// A peer in a worker, for `cargo xtask bench`: SheetJS or ExcelJS, by the name behind the question
// mark. Each reads a workbook in its fastest way and then looks at every value once.
const name = location.search.slice(1);
importScripts(`peers/${name}.js`);

const readers = {
  /** Dense, and without anything that is made of the values: texts, HTML, formulas, styles. */
  sheetjs(bytes) {
    const book = XLSX.read(bytes, {
      type: "array", dense: true, cellFormula: false, cellHTML: false, cellText: false, cellStyles: false,
      cellNF: false, cellDates: false, sheetStubs: false, bookVBA: false, bookDeps: false, bookFiles: false,
      bookProps: false,
    });
    const sheet = book.Sheets[book.SheetNames[0]];
    // Newer versions keep the rows apart.
    const rows = sheet["!data"] ?? sheet;
    const found = { rows: 0, columns: 0, cells: 0 };
    for (let at = 0; at < rows.length; at++) {
      const row = rows[at];
      if (!row) continue;
      found.rows += 1;
      found.columns = Math.max(found.columns, row.length);
      for (let column = 0; column < row.length; column++) found.cells += row[column]?.v !== undefined;
    }
    return found;
  },
  /**
   * Its reader of streams wants those of Node.js and is not in its build for browsers; this is the one
   * that is, told to leave out what can be left out.
   */
  async exceljs(bytes) {
    const book = new ExcelJS.Workbook();
    await book.xlsx.load(bytes, {
      ignoreNodes: ["sheetPr", "dimension", "sheetViews", "sheetFormatPr", "cols", "dataValidations",
        "conditionalFormatting", "hyperlinks", "printOptions", "pageMargins", "pageSetup", "headerFooter",
        "rowBreaks", "drawing", "picture", "tableParts", "extLst", "autoFilter"],
    });
    const found = { rows: 0, columns: 0, cells: 0 };
    book.worksheets[0].eachRow(row => {
      found.rows += 1;
      const values = row.values;
      found.columns = Math.max(found.columns, values.length - 1);
      for (let column = 1; column < values.length; column++) found.cells += values[column] !== undefined;
    });
    return found;
  },
};

onmessage = async ({ data }) => {
  try {
    postMessage(await readers[name](data));
  } catch (error) {
    postMessage({ error: String(error) });
  }
};
postMessage({ ready: true });
