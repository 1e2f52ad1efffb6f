"""Runs every query of analysis/ in one engine and writes the answers, or compares answers.

run ENGINE KIND FOLDER ANALYSIS OUT: ENGINE is duckdb or spark, KIND parquet or ndjson; FOLDER holds
    people-*.KIND and changes-*.KIND, and columns.json when KIND is ndjson. OUT: {query: rows}.
compare A B [NAME]...: the same queries with the same rows in the same order, or says where not.
"""

import datetime
import json
import pathlib
import sys
import time

TABLES = ["people", "changes"]


def plain(value):
    if isinstance(value, datetime.date):
        return value.isoformat()
    if value is None or isinstance(value, (bool, int, str)):
        return value
    raise SystemExit(f"a value of type {type(value)}: {value!r}")


def duckdb_engine(kind, folder):
    import duckdb

    base = duckdb.connect()
    base.execute("SET memory_limit = '5GB'")
    base.execute(f"SET temp_directory = '{folder}/spill'")
    for table in TABLES:
        files = f"{folder}/{table}-*.{kind}"
        if kind == "parquet":
            source = f"read_parquet('{files}')"
        else:
            columns = json.loads((folder / "columns.json").read_text())[table]
            types = ", ".join(f"'{name}': '{of}'" for name, of in columns)
            source = f"read_json('{files}', format = 'newline_delimited', columns = {{{types}}})"
        base.execute(f"CREATE VIEW {table} AS SELECT * FROM {source}")
    return lambda query: base.execute(query).fetchall(), base.close


def spark_engine(kind, folder):
    from pyspark.sql import SparkSession

    spark = (
        SparkSession.builder.master("local[*]")
        .appName("xuedang")
        .config("spark.driver.memory", "4g")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.ui.enabled", "false")
        .config("spark.ui.showConsoleProgress", "false")
        .config("spark.sql.shuffle.partitions", "8")
        .config("spark.local.dir", f"{folder}/spill")
        .config("spark.sql.warehouse.dir", f"{folder}/warehouse")
        .getOrCreate()
    )
    spark.sparkContext.setLogLevel("ERROR")
    for table in TABLES:
        files = f"{folder}/{table}-*.{kind}"
        if kind == "parquet":
            spark.sql(f"CREATE TEMPORARY VIEW {table} USING parquet OPTIONS (path '{files}')")
        else:
            columns = json.loads((folder / "columns.json").read_text())[table]
            types = ", ".join(f"{name} {of}" for name, of in columns)
            spark.sql(f"CREATE TEMPORARY VIEW {table} ({types}) USING json OPTIONS (path '{files}')")
    return lambda query: [tuple(row) for row in spark.sql(query).collect()], spark.stop


def run(engine, kind, folder, analysis, out):
    begun = time.monotonic()
    ask, close = {"duckdb": duckdb_engine, "spark": spark_engine}[engine](kind, folder)
    started = time.monotonic() - begun
    answers, seconds = {}, []
    queries = sorted(analysis.glob("*.sql"))
    for query in queries:
        begun = time.monotonic()
        rows = ask(query.read_text())
        seconds.append(f"{query.stem[:2]} {time.monotonic() - begun:.1f}")
        answers[query.stem] = [[plain(value) for value in row] for row in rows]
    close()
    out.write_text(json.dumps(answers, ensure_ascii=False))
    print(f"{engine} over {kind}: ready in {started:.1f} s; seconds by query: {', '.join(seconds)}")


def compare(one, other):
    ours, theirs = (json.loads(path.read_text()) for path in (one, other))
    if ours.keys() != theirs.keys() or not ours:
        raise SystemExit(f"not the same queries: {sorted(ours)} and {sorted(theirs)}")
    for query in sorted(ours):
        if ours[query] != theirs[query]:
            places = enumerate(zip(ours[query], theirs[query]))
            first = next((f"row {at}: {a} and {b}" for at, (a, b) in places if a != b), "one ends sooner")
            count = f"{len(ours[query])} and {len(theirs[query])} rows"
            raise SystemExit(f"{query}: {one.name} and {other.name} differ ({count}; {first})")
        if not ours[query]:
            raise SystemExit(f"{query} has no rows: it shows nothing")
    rows = sum(map(len, ours.values()))
    values = sum(len(row) for answer in ours.values() for row in answer)
    print(f"{one.name} and {other.name}: {len(ours)} queries equal, {rows} rows, {values} values")


if __name__ == "__main__":
    what, *arguments = sys.argv[1:]
    if what == "run":
        engine, kind, *paths = arguments
        run(engine, kind, *map(pathlib.Path, paths))
    else:
        compare(*map(pathlib.Path, arguments))
