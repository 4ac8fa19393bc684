# hello: says hello
#
# A loop that runs eight times makes the letters H and h and the space;
# every other letter is a few steps up or down from the one before
#
# Cells:
#       0  a counter    1  H    2  lower case letters    3  space and mark

++++++++                        # eight times:
[
    >+++++++++                  # 9 make  72: H
    >+++++++++++++              # 13 make 104: h
    >++++                       # 4 make  32: space
    <<<-
]
>.                              # H
>---.                           # e
+++++++..                       # l l
+++.                            # o
>.                              # space
<++++++++.                      # w
--------.                       # o
+++.                            # r
------.                         # l
--------.                       # d
>+.                             # exclamation mark
<<[-]++++++++++.                # newline
