A frame with cap 7
>>>>+++++++<<<<
+%r[>>+<<%w>>-<<%r]
