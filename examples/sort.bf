# sort: the bytes of a line in order
#
# Every byte sleeps as many ticks as its value says and then prints itself; so
# the small ones come first  255 ticks wake everybody
#
# The bytes are items of five cells each; one behind the other; an item that is
# used is marked; so that the head finds the way back by walking over marks
#
# If zero: to do something when cell x is 0 the two cells to its right (t and z)
# help: t is set to 1; if x is not 0 then t is cleared; what is still set decides;
# after either way the head is on z which is always 0
#
# Cells:
#       0  home     an item without a mark: where walks to the left end
#       1  ticks    ticks to go; at the place of wait in the home item
#       5  mark     item: 1 if it is used
#       6  wait     item: ticks to sleep
#       7  t z      item: helpers of if zero
#       9  byte     item: what to print
#      10  next     the mark of the next item

>>>>>>,                                     # the first byte
----------[>++++++++++<[->+<]]>[-<+>]<      # a newline becomes 0; others stay what they are
[                                           # for each byte until then
    <+                                      # an item
    >[>+>>+<<<-]                            # the byte to print
    >[<+>-]                                 # and the time to sleep
    >>>>,                                   # the next byte in the next item
    ----------[>++++++++++<[->+<]]>[-<+>]<  # a newline becomes 0
]
<<<<<<[<<<<<]                               # walk home
>-                                          # 255: one less than 0
[-                                          # each tick
    >>>>[                                   # for each item
        >-                                  # it slept one tick
        >+<[>-]>[-                          # if that was the last
            >>.                             # print it
        <]
        >>                                  # the next item
    ]
    <<<<<[<<<<<]                            # walk home
>]
<++++++++++.                                # a newline
