# rule 30: a cellular automaton whose middle column looks random
#
# A cell is set in the next row if either its left neighbour is set; or the cell itself
# or its right neighbour is; but not both  The first row has a single cell set; and each
# row has one more on both sides than the one before  1800 rows are made; of each only the
# middle is printed: a hash if it is set
#
# A walk goes along a row from left to right: an item of eight cells for each of its cells
# Every row lies one item farther to the right than the one before: so a new state
# depends only on known ones: the old one of its own item and those of the two
# items before; which are carried along
#
# Heavy in: unpredictable decisions
#
# Cells:
#        0  stop     home: no mark: where walks home end
#        1  lines    home: lines still to print
#        2  rows     home: rows left for this line
#        8  mark     item: 1 if there is one
#        9  c        item: 1 if it is set
#       10  a b      item: the old states of the two items before
#       12  s        item: how many of b and c are set; helper
#       13  t        item: helper
#       14  m        item: 1 if this is the middle
#       15  n        item: 1 if it will be in the next row
#       16  mark_ c_ a_ b_ s_ t_ m_ n_ the next item

>>>>>>>>+>+>>>>>+>>+>>>>>>>>+               # the first row with room for one more on both sides
<<<<<<<<<<<<<<<<<<<<<<<+++++++++++++++++++++++++[
    >++++++++++++++++++++++++++++++++++++++++++++++++++++++++++++++++++++++++[
        >>>>>>[                             # for each cell

            # the middle
            >>>>>>[-
                <+++++[<+++++++++>-]<+      # 46: a full stop
                <<<[>>>>+<-----------<<<-]>>>>[<<<<+>>>>-]  # 11 less: a hash
                <.[-]
                >>>>>>>>>>>+<<<<<<<<<
            ]
            >[<+>-]

            # the next row
            <<<<<<[>>>>>>>>>>+<<<<<<<+<<<-]
            >>[>>>>>>>+<<<<<<+<-]
            <[<+>-]                         # as two before
            >>[[-]                          # with one of the others: the other way round
                <<<[>>>>+<<<<-]+>>>>[<<<<->>>>-]
            <]
            >>>>
        ]
        +>>>>>>>>+<<<<<<<<[<<<<<<<<]        # two more items; and home
        >>-
    ]
    <<++++++++++.[-]                        # a newline
    >-
]
