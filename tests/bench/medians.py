#!/usr/bin/env python3
"""The median of each command in a hyperfine JSON file, over all its turns: NAME, tab, SECONDS."""
import json
import statistics
import sys

times = {}
with open(sys.argv[1], encoding="utf-8") as f:
    for result in json.load(f)["results"]:
        times.setdefault(result["command"], []).extend(result["times"])
for name, seconds in times.items():
    print(f"{name}\t{statistics.median(seconds):.6f}")
