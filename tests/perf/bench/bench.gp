# SPDX-License-Identifier: GPL-2.0
# gnuplot -c bench.gp TABLE PICTURE ENGINES PROGRAMS: plot times relative to the first engine's, as bars
engines = int(ARG3)
programs = int(ARG4)
set terminal svg size 160 + 24 * (engines + 1) * programs, 480 noenhanced background "white"
set output ARG2
set datafile separator "\t"
set style data histograms
set style histogram clustered gap 1
set style fill solid 0.8 border -1
set logscale y
set grid ytics
set xtics rotate by -30 nomirror
set key outside top center horizontal
set ylabel sprintf("time / time of %s", system(sprintf("head -n 1 '%s' | cut -f 2", ARG1)))
plot for [i = 2 : engines + 1] ARG1 using i : xtic(1) title columnheader(i)
