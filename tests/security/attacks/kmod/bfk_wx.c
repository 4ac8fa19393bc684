// SPDX-License-Identifier: GPL-2.0
/*
 * Does what a compromised kernel would try, as LKDTM does: is memory both writable and
 * executable? Only for the guests of tests/security/attacks; op=write and op=exec crash the kernel, unless a
 * defence is missing.
 *
 *   op=look ranges=START,END,...   -EEXIST if a page is writable and executable; otherwise logs how
 *                                  many pages are executable and how many writable
 *   op=write ranges=START,END      stores a byte at START
 *   op=exec ranges=START,END       calls START
 */
#include <linux/module.h>
#include <linux/pgtable.h>
#include <asm/pgtable_types.h>

static char *op = "look";
module_param(op, charp, 0400);

static unsigned long ranges[256];
static int n_ranges;
module_param_array(ranges, ulong, &n_ranges, 0400);

static int look(void)
{
	unsigned int n_exec = 0, n_write = 0, n_both = 0, level;
	unsigned long addr;
	int i;

	for (i = 0; i + 1 < n_ranges; i += 2)
		for (addr = ranges[i]; addr < ranges[i + 1]; addr += PAGE_SIZE) {
			pte_t *pte = lookup_address(addr, &level);

			if (!pte || !pte_present(*pte))
				continue;
			n_exec += !!pte_exec(*pte);
			n_write += !!pte_write(*pte);
			n_both += pte_exec(*pte) && pte_write(*pte);
		}
	pr_info("bfk_wx: %u pages executable, %u writable, %u both\n", n_exec, n_write, n_both);
	return n_both ? -EEXIST : 0;
}

static int __init wx_init(void)
{
	if (n_ranges < 2)
		return -EINVAL;
	if (!strcmp(op, "look"))
		return look();
	if (!strcmp(op, "write"))
		*(volatile u8 *)ranges[0] = 0x90;
	else if (!strcmp(op, "exec"))
		((void (*)(void))ranges[0])();
	else
		return -EINVAL;
	pr_info("bfk_wx: %s: nothing has stopped it\n", op);
	return 0;
}

static void __exit wx_exit(void)
{
}

module_init(wx_init);
module_exit(wx_exit);
MODULE_DESCRIPTION("Looks for memory that is writable and executable");
MODULE_LICENSE("GPL");
