-. is 255 and +. is 0
+[+]. counts up to 0 again
-[-]. and down
>++++++++++++++++[<++++++++++++++++>-]<. 16 times 16 is 0
