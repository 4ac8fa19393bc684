[this loop is a comment, with . and , and [loops] in it, and it is not entered.]
+[[-][[[.]]],.]          entered once
>[>[>[.]+]+].
