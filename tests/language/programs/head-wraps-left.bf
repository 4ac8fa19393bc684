The head starts at cell 0: one to the left is the last cell of the ring
<+++++[>+++<-] five times three from the last cell into the first
>. is 15
>[-]<<. and the last cell is 0
