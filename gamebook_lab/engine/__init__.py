"""Situations, slicing and liveness, the state graph: a story in, arrays and labels back."""
