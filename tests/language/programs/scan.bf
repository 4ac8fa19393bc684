>>>+>+>+>+>+<<<<         five cells that are 1
[>]                      scan right to the first 0
<[<]                     scan left to the first 0
>[.>]                    print them
<<<<<<<<<<+[>>>>>]       steps of five over the seam
+.
