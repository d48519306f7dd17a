"""Plays SugarCube stories: passages compiled to closures that a run calls, and what they may do told without running.

``unit`` compiles a passage's tree (macros in ``macros``, ``leads`` and ``inputs``), ``run`` is one run with its values,
``natives`` are SugarCube's functions, ``effects`` what pieces may do, ``player`` the whole.
"""
