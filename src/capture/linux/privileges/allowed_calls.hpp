// SPDX-License-Identifier: Apache-2.0 OR MIT
/// System calls that go on under restrict_system_calls(), the frequent ones first. Which of them there are differs between
/// architectures: old ones lack on new machines, those with 64-bit times on 64-bit machines.
#pragma once
#include <linux/audit.h>
#include <sys/syscall.h>

#include <array>
#include <optional>

#include "trawl/core/bytes.hpp"

namespace trawl::inline v0::linux_capture {

// clang-format off
inline constexpr u32 allowed_calls[] = {
    // packets
    SYS_ppoll, SYS_recvmmsg, SYS_sendmmsg, SYS_write, SYS_read, SYS_futex, SYS_recvmsg, SYS_recvfrom, SYS_sendto, SYS_sendmsg,
#ifdef SYS_ppoll_time64
    SYS_ppoll_time64, SYS_recvmmsg_time64, SYS_futex_time64, SYS_clock_gettime64, SYS_clock_nanosleep_time64, SYS_rt_sigtimedwait_time64,
    SYS_timerfd_settime64,
#endif
#ifdef SYS_poll
    SYS_poll,
#endif
    SYS_getsockopt, SYS_setsockopt, SYS_getsockname, SYS_bind, SYS_epoll_pwait, SYS_epoll_ctl, SYS_timerfd_settime,
#ifdef SYS_epoll_wait
    SYS_epoll_wait,
#endif
    // files
    SYS_openat, SYS_close, SYS_readv, SYS_writev, SYS_pread64, SYS_pwrite64, SYS_lseek, SYS_ftruncate, SYS_fsync, SYS_fdatasync,
    SYS_fallocate, SYS_unlinkat, SYS_renameat2, SYS_faccessat, SYS_getcwd, SYS_umask, SYS_readlinkat,
    SYS_statx, SYS_dup, SYS_dup3,
#ifdef SYS_newfstatat
    SYS_newfstatat,
#endif
#ifdef SYS_fstat
    SYS_fstat,
#endif
#ifdef SYS_fadvise64
    SYS_fadvise64,
#endif
#ifdef SYS_fcntl
    SYS_fcntl,
#endif
#ifdef SYS_renameat
    SYS_renameat,
#endif
#ifdef SYS_open
    SYS_open, SYS_stat, SYS_lstat, SYS_access, SYS_unlink, SYS_rename, SYS_dup2, SYS_readlink,
#endif
#ifdef SYS__llseek
    SYS__llseek, SYS_fcntl64, SYS_fstatat64, SYS_stat64, SYS_lstat64, SYS_fstat64, SYS_ftruncate64,
#endif
#ifdef SYS_faccessat2
    SYS_faccessat2,
#endif
    // memory, time, threads, the end
    SYS_munmap, SYS_mremap, SYS_madvise, SYS_brk, SYS_clock_gettime, SYS_clock_getres, SYS_gettimeofday, SYS_nanosleep, SYS_clock_nanosleep,
    SYS_set_robust_list, SYS_sched_yield, SYS_sched_getaffinity, SYS_membarrier, SYS_getrandom, SYS_getrusage, SYS_sysinfo, SYS_uname,
    SYS_getpid, SYS_gettid, SYS_tgkill, SYS_rt_sigaction, SYS_rt_sigprocmask, SYS_rt_sigreturn, SYS_rt_sigpending, SYS_rt_sigtimedwait,
    SYS_sigaltstack, SYS_restart_syscall, SYS_exit, SYS_exit_group, SYS_getuid, SYS_geteuid, SYS_getgid, SYS_getegid, SYS_prlimit64,
#ifdef SYS_rseq
    SYS_rseq,
#endif
#ifdef SYS_time
    SYS_time,
#endif
#if defined(SYS_mmap) && defined(__s390x__)
    SYS_mmap,  // its arguments lie in memory
#endif
#ifdef SYS_sigreturn
    SYS_sigreturn,
#endif
};

#ifdef SYS_mmap2
inline constexpr std::optional<u32> map_call = SYS_mmap2;
#elif defined(__s390x__)
inline constexpr std::optional<u32> map_call = {};
#else
inline constexpr std::optional<u32> map_call = SYS_mmap;
#endif

#ifdef __s390x__
inline constexpr u32 clone_flags_argument = 1;
#else
inline constexpr u32 clone_flags_argument = 0;
#endif

inline constexpr std::optional<u32> audit_architecture =
#if defined(__x86_64__) && defined(__ILP32__)
    std::nullopt;
#elif defined(__x86_64__)
    AUDIT_ARCH_X86_64;
#elif defined(__aarch64__) && !defined(__AARCH64EB__)
    AUDIT_ARCH_AARCH64;
#elif defined(__s390x__)
    AUDIT_ARCH_S390X;
#elif defined(__riscv) && __riscv_xlen == 64
    AUDIT_ARCH_RISCV64;
#elif defined(__powerpc64__) && defined(__LITTLE_ENDIAN__)
    AUDIT_ARCH_PPC64LE;
#elif defined(__arm__) && !defined(__ARMEB__)
    AUDIT_ARCH_ARM;
#else
    std::nullopt;
#endif
// clang-format on

}  // namespace trawl::inline v0::linux_capture
