# a client: slot 0 to slot 3; and what that answers to slot 1
+%r>>+++<<%w            # at most 255 bytes of slot 0 to slot 3
>>>+<<<%h               # no more will come (arg 1)
%r[>>--<<%w>>++<<%r]    # the answer to slot 1
