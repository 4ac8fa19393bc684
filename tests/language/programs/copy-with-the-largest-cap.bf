cap 65535 is taken as 65520: the data ends where the frame begins
>>>>->-<<<<<
+%r[>>+<<%w>>-<<%r]
