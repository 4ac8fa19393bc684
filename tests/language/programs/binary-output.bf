Every byte from 0 to 255
.+[.+]
