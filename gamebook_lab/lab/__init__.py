"""Starting JupyterLab, and the server extension that keeps it quick."""
