# sieve: which numbers below 4900 are prime
#
# Every number is an item of six cells; one after another  For each n from 2 to 99
# a walk carries n and a count along all of them: whenever the count is 0 the number is a
# multiple of n and is crossed out; and the count begins again at n  The first count is
# twice n so that n itself stays  A walk ends at the first item without a mark and goes
# home over the marks
#
# If zero: the two cells to the right of x (t and z) help to do something when x
# is 0: t is set to 1; if x is not 0 then t is cleared; then t decides;
# either way the head ends on z which is always 0
#
# In the end 98 lines of 50 numbers are printed: a hash for a prime
#
# Heavy in: values that are moved from item to item
#
# Cells:
#        0  stop     home: no mark: where walks home end
#        1  n        home: the current number
#        2  walks    home: still to do
#        3  x        home: helper to copy
#        6  mark     item: 1 if there is one
#        7  k t z    item: numbers until the next multiple; helpers of if zero
#       10  p        item: n
#       11  c        item: not 0 if the number is crossed out
#       12  mark_ k_ t_ z_ p_ c_ the next item

# mark 4900 items
>>>>>>>++++++++++++++++++++[                # twenty times
    >>>+++++[<<+++++++++++++++++++++++++++++++++++++++++++++++++>>-]<<[>>+<<-]  # two hundred and forty five
    >>[
        <<<<+                               # this is one
        >>>>-[>>>>>>+<<<<<<-]               # carry what is left
        <<<[>>>>>>+<<<<<<-]
        >>>>>>>>>                           # to the next
    ]
    <<<-                                    # one of the twenty is done
]
<<<<<<<[<<<<<<]                             # home over the marks

# cross out
>++                                         # from 2
>++++++++++++++++++++++++++++++++++++++++++++++++++++++++++++++++++++++++++++++++++++++++++++++++++[  # to 99
    <[>>>>>>>>>+<<<++<<<<+<<-]>>[<<+>>-]    # n and twice n go to the number 0
    >>>[                                    # for each number
        >>+<[>-]>[-                         # if it is a multiple
            >>>[-]+                         # cross it out
            <[<<<+>>>>>>>+<<<<-]>>>>[<<<<+>>>>-]  # the next one is n away
        <<<<<]
        <<-[>>>>>>+<<<<<<-]                 # carry the count
        >>>[>>>>>>+<<<<<<-]                 # and n
        >>                                  # to the next number
    ]
    >[-]>>>[-]                              # the end: drop both
    <<<<<<<<<<[<<<<<<]                      # home
    >+                                      # the next n
    >-
]

# print
>>>>>>>>>+>>>>>>+                           # 0 and 1 are not prime
<<<<<<<++++++++++[<<+++++>>-]<<[>>+<<-]     # 50 numbers in a line
<<[                                         # for each number
    >+++++[>+++++++<-]>>>>[[-]<<<+++++++++++>>>]<<<.[-]  # 35: a hash; 11 more: a full stop
    >>-[<<<+>>>>>>>>>+<<<<<<-]              # one number less in this line
    <<+<[[-]>-<]>[-                         # was it the last
        <++++++++++.[-]                     # a newline
        ++++++++++[>>>>>>>>>+++++<<<<<<<<<-]  # and a new line
    >]
    >>>>                                    # to the next number
]
