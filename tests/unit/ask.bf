# a client: sends slot 0 to slot 3; and writes the answer to slot 1
+%r>>+++<<%w            # at most 255 bytes of slot 0 to slot 3
>>>+<<<%h               # no more follows (arg 1)
%r[>>--<<%w>>++<<%r]    # the answer to slot 1
