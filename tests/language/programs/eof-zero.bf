,.,.,. at the end of input a 0 is stored
