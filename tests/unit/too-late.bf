# a server: sends to the first client that connects; after that is gone
>>+++<<+%a              # accept on slot 3; the slot of the connection is cell 3 (arg)
>+%r[%r]                # which is also slot of a frame at cell 1: read to the end
>>>>>>+<<<<<<+%w        # send a byte
