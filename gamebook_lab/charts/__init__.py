"""A table becomes a Plotly figure, nothing else: one question a file, its stem that of the analysis."""
