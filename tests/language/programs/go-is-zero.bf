An operation whose go is 0 does nothing at all
%r%w>>>>>>.<<<<<<        len is still 0
+%r>>>>>>.               and now it is not
