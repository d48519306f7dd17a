"""Work in shards on Dask."""
