; SPDX-License-Identifier: GPL-2.0
; What each case of cases.txt is put into; `body` is a file of its lines.
bits 64
org 0
host equ -0x1000
quit equ -0x2000
%ifndef WHOLE
	endbr64
start:
%endif
%include "body"
%ifndef WHOLE
	mov esi, 0
	call host
	test eax, eax
	jne near stop
stop:	mov esi, 0
	mov edi, back - $$
	jmp quit
back:	endbr64
	jmp near start
%endif
