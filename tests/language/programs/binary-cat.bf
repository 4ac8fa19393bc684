All 256 bytes: the count in cell 0 and not the byte ends the loop
+>,.<[>,.<+]
