// SPDX-License-Identifier: GPL-2.0-only
/* Init and exit. */
#include <linux/miscdevice.h>
#include <linux/module.h>
#include "bfk.h"

/* Mode 0600 until the administrator says otherwise. Open files hold the module. */
static struct miscdevice device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "bfk",
	.fops = &bfk_dev_fops,
	.mode = 0600,
};

static int __init bfk_init(void)
{
	return misc_register(&device);
}

static void __exit bfk_exit(void)
{
	misc_deregister(&device);
}

module_init(bfk_init);
module_exit(bfk_exit);
MODULE_DESCRIPTION("Brainfuck with system calls, compiled and run in the kernel");
MODULE_LICENSE("GPL");
