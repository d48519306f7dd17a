"""JavaScript as stories write it: tokens, a small syntax tree, and the uses of variables in it.

Covers expressions whole and statements loosely (the expressions inside are found, the control
flow is not modelled). SugarCube's word operators (``to``, ``is``, ``gte`` ...) and variables
(``$x``, ``_x``) are read on demand.

``evaluate`` and ``statements`` (which reads statements exactly, or not at all) run what they understand against a
``host`` that a story format gives: its values are our own, and no code of a story reaches Python.
"""
