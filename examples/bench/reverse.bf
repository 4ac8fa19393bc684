# reverse: a line from its last character to its first
#
# The line is a row of items of two cells each; the reversed line is the row after it
# Every character is carried there unit by unit: over the marks of all items between the
# two places; and back over them to its own item; which has no mark meanwhile
#
# Heavy in: walks over long rows of marks
#
# Cells:
#        0  stop     home: no mark and no character
#        2  mark     item: 1 if there is a character or has been one
#        3  c        item: the character
#        4  mark_ c_ the next item

>>>,                                        # the first character
----------[++++++++++                       # until a newline
    <+                                      # there is one
    >>>,----------
]
<<[                                         # for each from the last one to home
    [-                                      # for each unit
        <-                                  # its old place
        >>[>>]                              # over the marks to the first without one
        >+                                  # its new place
        <<<[<<]                             # back
        +
    >]
    <-                                      # once more
    >>[>>]
    +                                       # to say that it is there
    <<[<<]
    +
    <                                       # the one before
]
>[>>]<<                                     # print: to the last one
>[<<]>>                                     # from there to the first
[.>>]
++++++++++.                                 # a newline
