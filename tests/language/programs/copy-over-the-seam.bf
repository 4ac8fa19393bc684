The frame lies on the last six cells of the ring and the first ten
<<<<<<
+%r[>>+<<%w>>-<<%r]
