++++++[--].              down by two from 6
++++++++[----].          by four from 8
-[--->+<]>.              by three from 255: 85
[-]<+++[>>+<<[-]]>>.     once only
