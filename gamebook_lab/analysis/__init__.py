"""One question a file, from a state graph to a table."""
