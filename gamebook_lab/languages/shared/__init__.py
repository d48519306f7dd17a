"""Scanning that several languages share: finding closers once, HTML tags, gathering a program."""
