; SPDX-License-Identifier: GPL-2.0
; The frame of each case of cases.txt; `body` is a file with its lines. After the image: where its two
; ops begin.
bits 64
org 0
host equ -0x1000
quit equ -0x2000
%ifndef WHOLE
start:
%endif
%include "body"
%ifndef WHOLE
last:	mov esi, 1
	call host
%endif
%ifndef OP0
%define OP0 $$
%endif
%ifndef OP1
%define OP1 $$
%endif
	dd OP0 - $$, OP1 - $$
