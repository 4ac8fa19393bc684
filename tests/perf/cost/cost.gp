# SPDX-License-Identifier: GPL-2.0
# gnuplot -c cost.gp TABLE PICTURE KERNEL METHODS TASK...: plot instructions of a turn, relative to bfk's, against
# the block, in a panel for each task
methods = int(ARG4)
set terminal svg size 1200, 800 noenhanced background "white"
set output ARG2
set datafile separator "\t"
set multiplot layout 2, 2 title sprintf("instructions of a turn / those of bfk, Linux %s", ARG3)
set logscale x 4
set logscale y 2
set xtics 16
set grid
set xlabel "bytes a turn"
set key outside right top
do for [task = 0 : ARGC - 5] {
    set title value(sprintf("ARG%d", task + 5))
    plot for [i = 2 : methods + 1] ARG1 index task using 1 : i with linespoints title columnheader(i)
}
unset multiplot
