# sort: the bytes of a line in order
#
# Every byte sleeps for as many ticks as its value and then prints itself; so
# the small ones come first  After 255 ticks all are awake
#
# The bytes are items of five cells each; one after another; an item in use
# has a mark; the head finds its way back by walking over the marks
#
# If zero: the two cells to the right of x (t and z) help to do something when x
# is 0: t is set to 1; if x is not 0 then t is cleared; then t decides;
# either way the head ends on z which is always 0
#
# Cells:
#       0  home     an item without a mark: where walks to the left end
#       1  ticks    ticks to go; in the cell that is wait in other items
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
