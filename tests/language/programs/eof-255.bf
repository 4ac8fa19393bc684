,.,.,. at the end of input 255 is stored
