Cell 256 by way of a loop that carries a counter along: 250 steps to the left and 250 to the right
+++++[>+++++<-]>          25
[<++++++++++>-]<          250 in cell 0
[[>+<-]>-]                carried right until it is used up: cell 250
+++.                      3
<<<<.>>>>                 nothing was left behind
