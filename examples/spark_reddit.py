"""Mine dumps of Reddit on Spark, and write the nodes and the edges of all graphs as two tables of Parquet files.

The dumps (RS_… with submissions, RC_… with comments) have to be unpacked: zstd -d --long=31 RC_2019-04.zst

Usage: python spark_reddit.py [DUMP…] [-o FOLDER] [--pipeline NAME] [--partitions NUMBER] [--master URL]
"""

import argparse
import os
import sys
from pathlib import Path

from pyspark.sql import DataFrame, SparkSession

from argmine.spark import mine_frame, reddit_frame

EXAMPLES = [str(Path(__file__).parent / "dump" / name) for name in ("RS_example.jsonl", "RC_example.jsonl")]


def session(master: str) -> SparkSession:
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)  # the Python that Spark starts on each machine
    builder = SparkSession.builder.appName("argmine").master(master)
    if master.startswith("local"):
        builder = builder.config("spark.driver.host", "127.0.0.1")
    # so many rows go to Python together, instead of 10,000: they are whole threads
    return builder.config("spark.sql.execution.arrow.maxRecordsPerBatch", 200).getOrCreate()


def write_tables(mined: DataFrame, folder: str) -> None:
    mined.write.mode("overwrite").parquet(f"{folder}/mined")  # what is mined once is written once
    kept = mined.sparkSession.read.parquet(f"{folder}/mined")
    for table in ("nodes", "edges"):
        kept.selectExpr("thread", f"inline({table})").write.mode("overwrite").parquet(f"{folder}/{table}")
    for row in kept.where("error is not null").select("thread", "error").collect():
        print(f"thread {row.thread} was not mined: {row.error}")
    print(f"The tables of {kept.count()} threads are in {folder}")


def main() -> None:
    parser = argparse.ArgumentParser(description="Mine dumps of Reddit on Spark.")
    parser.add_argument("dumps", nargs="*", default=EXAMPLES, help="files of a JSON object per line")
    parser.add_argument("-o", "--out", default="mined", help="folder for the tables")
    parser.add_argument("--pipeline", default="en", help="en or en_rules")
    parser.add_argument("--partitions", type=int, default=64, help="pieces of work; several times the number of cores")
    parser.add_argument("--master", default="local[*,4]", help="of the cluster; by default all cores of this machine")
    options = parser.parse_args()

    lines = session(options.master).read.text(options.dumps)
    threads = reddit_frame(lines).repartition(options.partitions)
    write_tables(mine_frame(threads, pipeline=options.pipeline), options.out)


if __name__ == "__main__":
    main()
