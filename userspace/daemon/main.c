// SPDX-License-Identifier: GPL-2.0-only
/*
 * bfkd, the compile service: gives sealed instances of /dev/bfk to users who cannot open it, within
 * the limits of a policy. bfkd(8) documents it. This is its main loop.
 */
#include "bfkd.h"
#include "cache.h"
#include "clients.h"
#include "instances.h"
#include "jobs.h"
#include "listen.h"
#include "log.h"
#include "options.h"
#include "policy.h"
#include "store.h"
#include "workers.h"
#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <systemd/sd-daemon.h>
#include <unistd.h>
#include "userspace/engine/device.h"

#define SCAN_NS 1000000000ull /* interval of the scans of instances */
#define SCAN_INSTANCES 256    /* instances per scan, at most */
#define STOP_NS 2000000000ull /* time for jobs to finish when the service stops */
#define SPARE_FDS 64	      /* besides those of clients and instances */
#define MAP_LEN 131072	      /* bytes: larger blocks return to the kernel when freed */

/*
 * struct service - state of the main loop
 * @is_full: the number of clients is at its maximum, so nobody may connect
 * @stop_ns: when to stop waiting for jobs; UINT64_MAX: the service is not stopping
 */
struct service {
	struct bfkd_policy *policy;
	int epoll_fd, listen_fd, signal_fd, done_fd;
	bool is_full;
	uint64_t stop_ns, scan_ns;
};

static void print_counters(void)
{
	char cache[128];

	bfkd_cache_describe(cache, sizeof(cache));
	bfkd_log(6, "clients %u jobs %u instances %u served %llu refused %llu dropped %llu %s",
		 bfkd_clients_count(), bfkd_jobs_count(), bfkd_instances_count(),
		 (unsigned long long)bfkd_counters.served,
		 (unsigned long long)bfkd_counters.refused,
		 (unsigned long long)bfkd_counters.dropped, cache);
}

/* If the new policy is invalid, the old one stays. */
static void reload(struct service *service)
{
	struct bfkd_policy *policy;

	sd_notifyf(0, "RELOADING=1\nMONOTONIC_USEC=%llu", (unsigned long long)bfkd_now_ns() / 1000);
	policy = bfkd_policy_read(bfkd_settings.policy);
	if (policy) {
		bfkd_policy_free(service->policy);
		service->policy = policy;
		bfkd_log(6, "%s: read again", bfkd_settings.policy);
	} else {
		bfkd_log(4, "the old policy stays in force");
	}
	sd_notify(0, "READY=1");
}

static void stop(struct service *service)
{
	if (service->stop_ns != UINT64_MAX)
		return;
	sd_notify(0, "STOPPING=1");
	bfkd_unlisten(service->listen_fd);
	service->listen_fd = -1;
	bfkd_jobs_stop();
	bfkd_clients_drop();
	service->stop_ns = bfkd_now_ns() + STOP_NS;
}

static void take_signal(struct service *service)
{
	struct signalfd_siginfo info;

	if (read(service->signal_fd, &info, sizeof(info)) != sizeof(info))
		return;
	switch (info.ssi_signo) {
	case SIGHUP:
		reload(service);
		break;
	case SIGUSR1:
		print_counters();
		break;
	default:
		stop(service);
	}
}

static struct bfkd_watch listener_watch = { .kind = BFKD_WATCH_LISTENER },
			 signals_watch = { .kind = BFKD_WATCH_SIGNALS },
			 done_watch = { .kind = BFKD_WATCH_DONE };

static void watch(const struct service *service, int fd, struct bfkd_watch *what, int how)
{
	struct epoll_event event = { .events = EPOLLIN, .data.ptr = what };

	epoll_ctl(service->epoll_fd, how, fd, &event);
}

/* Accepts clients while there is room; others wait in the socket's backlog, in order. */
static void mind_the_door(struct service *service)
{
	bool is_full = bfkd_clients_count() >= bfkd_settings.clients_max;

	if (service->listen_fd >= 0 && is_full != service->is_full)
		watch(service, service->listen_fd, &listener_watch,
		      is_full ? EPOLL_CTL_DEL : EPOLL_CTL_ADD);
	service->is_full = is_full;
}

static void finish_jobs(void)
{
	struct bfkd_client *client, *next;

	for (client = bfkd_jobs_done(); client; client = next) {
		next = client->next;
		bfkd_client_finish(client);
	}
}

static void take_event(struct service *service, const struct epoll_event *event)
{
	const struct bfkd_watch *what = event->data.ptr;

	switch (what->kind) {
	case BFKD_WATCH_LISTENER:
		bfkd_client_accept(service->epoll_fd, service->listen_fd, service->policy);
		break;
	case BFKD_WATCH_SIGNALS:
		take_signal(service);
		break;
	case BFKD_WATCH_DONE:
		finish_jobs();
		break;
	case BFKD_WATCH_CLIENT:
		bfkd_client_read(service->epoll_fd, what->client);
		break;
	}
}

/* Milliseconds until the next timed work. */
static int wait_ms(const struct service *service, uint64_t now_ns)
{
	uint64_t until_ns = bfkd_clients_deadline_ns();

	if (bfkd_instances_count() && service->scan_ns < until_ns)
		until_ns = service->scan_ns;
	if (service->stop_ns < until_ns)
		until_ns = service->stop_ns;
	if (until_ns == UINT64_MAX)
		return -1;
	return until_ns <= now_ns ? 0 : (until_ns - now_ns) / 1000000 + 1;
}

/* One event at a time: handling it may end other clients, whose events would be in the array. */
static void serve(struct service *service)
{
	uint64_t now_ns = bfkd_now_ns();
	struct epoll_event event;

	while (now_ns < service->stop_ns && (service->stop_ns == UINT64_MAX || bfkd_jobs_count())) {
		if (epoll_wait(service->epoll_fd, &event, 1, wait_ms(service, now_ns)) == 1)
			take_event(service, &event);
		now_ns = bfkd_now_ns();
		bfkd_clients_expire(now_ns);
		mind_the_door(service);
		if (now_ns < service->scan_ns)
			continue;
		bfkd_instances_reap(NULL, SCAN_INSTANCES);
		service->scan_ns = now_ns + SCAN_NS;
	}
}

static int watch_signals(void)
{
	sigset_t signals;

	signal(SIGPIPE, SIG_IGN);
	sigemptyset(&signals);
	sigaddset(&signals, SIGHUP);
	sigaddset(&signals, SIGINT);
	sigaddset(&signals, SIGTERM);
	sigaddset(&signals, SIGUSR1);
	sigprocmask(SIG_BLOCK, &signals, NULL);
	return signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
}

/* Raises the limit on descriptors to the maximum the service needs. */
static bool raise_files(void)
{
	struct rlimit limit;
	rlim_t wanted = bfkd_settings.clients_max * 2ul + bfkd_settings.instances_max +
			bfkd_instances_count() + SPARE_FDS;

	if (getrlimit(RLIMIT_NOFILE, &limit))
		return false;
	if (limit.rlim_cur < wanted) {
		limit.rlim_cur = limit.rlim_max < wanted ? limit.rlim_max : wanted;
		setrlimit(RLIMIT_NOFILE, &limit);
	}
	if (limit.rlim_cur >= wanted)
		return true;
	bfkd_log(3, "--clients and --instances need %lu descriptors, and the limit is %lu",
		 (unsigned long)wanted, (unsigned long)limit.rlim_cur);
	return false;
}

static bool begin(struct service *service)
{
	service->policy = bfkd_policy_read(bfkd_settings.policy);
	bfkd_store_init();
	if (!service->policy || !bfkd_instances_init() || !bfkd_take_over() || !raise_files())
		return false;
	service->signal_fd = watch_signals(); /* before anybody can connect */
	service->listen_fd = bfkd_listen();
	if (service->listen_fd < 0)
		return false;
	service->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	service->done_fd = bfkd_jobs_init();
	if (service->signal_fd < 0 || service->epoll_fd < 0 || service->done_fd < 0 ||
	    !bfkd_cache_init() || !bfkd_workers_start(bfkd_settings.n_workers)) {
		bfkd_log(3, "cannot start: %s", strerror(errno));
		bfkd_unlisten(service->listen_fd);
		return false;
	}
	watch(service, service->listen_fd, &listener_watch, EPOLL_CTL_ADD);
	watch(service, service->signal_fd, &signals_watch, EPOLL_CTL_ADD);
	watch(service, service->done_fd, &done_watch, EPOLL_CTL_ADD);
	return true;
}

int main(int argc, char **argv)
{
	struct service service = { .stop_ns = UINT64_MAX };
	int status = bfkd_options(argc, argv);

	if (status >= 0)
		return status;
	if (bfkd_settings.is_check) {
		service.policy = bfkd_policy_read(bfkd_settings.policy);
		if (!service.policy)
			return 1;
		bfkd_policy_free(service.policy);
		return 0;
	}
	mallopt(M_MMAP_THRESHOLD,
		MAP_LEN); /* otherwise malloc keeps the memory of large programs */
	if (!begin(&service))
		return 1;
	if (access(BFK_DEVICE, R_OK | W_OK))
		bfkd_log(4, BFK_DEVICE ": %s; clients get that error until it exists",
			 strerror(errno));
	sd_notify(0, "READY=1");
	serve(&service);
	bfkd_policy_free(service.policy);
	return 0;
}
