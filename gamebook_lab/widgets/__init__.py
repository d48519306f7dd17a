"""Editors, map, table: ``x.py``, ``x.js`` and ``x.css`` share a stem."""
