"""Rows and columns of a Parquet file as JSON: parquet_facts.py FILE"""

import json
import sys

import pyarrow.parquet


def main() -> None:
    with pyarrow.parquet.ParquetFile(sys.argv[1]) as file:
        # Views and large strings are readers' ways to hold the same text.
        columns = [(field.name, "string" if "string" in str(field.type) else str(field.type)) for field in file.schema_arrow]
        print(json.dumps({"rows": file.metadata.num_rows, "columns": columns}))


if __name__ == "__main__":
    main()
