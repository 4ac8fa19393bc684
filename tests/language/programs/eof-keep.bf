,.,.,.+,. at the end of input the cell stays
