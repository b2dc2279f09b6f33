import CSandbox
import CSeccomp
import Glibc

/// Enters the sandbox of the worker and then tries one thing, named on the command line. With `landlock` as a second
/// word it enters Landlock alone.
///
/// It ends with status 0 when it was let through, 2 when the thing was denied for want of rights, 3 when it failed for
/// another reason, 4 where the kernel has no Landlock, 64 when the sandbox couldn't be entered or the thing isn't known; and
/// by a signal where the sandbox kills.
@main
struct Probe {
    static func main() {
        let words = CommandLine.arguments.dropFirst()
        guard let name = words.first, let attempt = attempts[name] else { _exit(64) }
        lb_sandbox_prepare()
        if words.count == 2, words.last == "landlock" {
            guard lb_landlock_version() > 0 else { _exit(4) }
            guard lb_landlock_enter() == lb_landlock_version() else { _exit(64) }
        } else {
            var message = [CChar](repeating: 0, count: 256)
            var layers = LBSandboxLayers()
            guard words.count == 1, lb_sandbox_enter(3, 4 << 30, true, &layers, &message, message.count) == 0 else {
                _exit(64)
            }
        }
        if attempt() { _exit(0) }
        _exit(errno == EACCES || errno == EPERM ? 2 : 3)
    }

    private static let attempts: [String: @Sendable () -> Bool] = [
        // What a worker does.
        "compute": { (0..<1000).reduce(0, +) == 499_500 },
        "allocate": { [UInt8](repeating: 1, count: 64 << 20).last == 1 },
        "read-the-clock": {
            var time = timespec()
            return clock_gettime(CLOCK_MONOTONIC, &time) == 0
        },
        "compute-two-jobs-long": {
            (0..<2).allSatisfy { _ in lb_cpu_limit_begin(1) == 0 && spin(seconds: 0.8) }
        },
        // What the limit of processor time is for.
        "compute-too-long": { lb_cpu_limit_begin(1) == 0 && spin(seconds: 30) },
        // What nobody in it may do.
        "open-a-file": { open("/etc/passwd", O_RDONLY) >= 0 },
        "write-a-file": { open("/tmp/lightbox-probe", O_WRONLY | O_CREAT, 0o600) >= 0 },
        "list-a-folder": { opendir("/") != nil },
        "remove-a-file": { unlink("/tmp/lightbox-probe") == 0 },
        "make-a-socket": { socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0) >= 0 },
        "make-a-socket-pair": {
            var ends: [Int32] = [0, 0]
            return socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends) == 0
        },
        "run-a-program": {
            var child: pid_t = 0
            return posix_spawn(&child, "/bin/true", nil, nil, [nil], [nil]) == 0
        },
        "replace-itself": { execve("/bin/true", [nil], [nil]) == 0 },
        "start-a-thread": {
            var thread = pthread_t()
            return pthread_create(&thread, nil, { _ in nil }, nil) == 0
        },
        "signal-its-parent": { kill(getppid(), SIGUSR1) == 0 },
        "look-for-a-name": { getpwnam("root") != nil },
        "make-memory-executable": {
            mmap(nil, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED
        },
        "raise-its-limits": {
            var limit = rlimit(rlim_cur: rlim_t.max, rlim_max: rlim_t.max)
            return setrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit) == 0
        },
        "ask-for-its-limits": {
            var limit = rlimit()
            return getrlimit(__rlimit_resource_t(RLIMIT_CPU.rawValue), &limit) == 0
        },
        "limit-its-parent": { call("prlimit64", Int(getppid()), Int(RLIMIT_CPU.rawValue)) == 0 },
        "make-a-folder": { mkdir("/tmp/lightbox-probe", 0o700) == 0 },
        "connect": {
            let socket = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_port = in_port_t(1).bigEndian
            address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
            return withUnsafePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
                }
            }
        },
        "change-its-user": { setuid(1) == 0 },
        "set-the-clock": {
            var time = timespec(tv_sec: 1, tv_nsec: 0)
            return clock_settime(CLOCK_REALTIME, &time) == 0
        },
        "change-the-root": { chroot("/") == 0 },
        "fork": { call("clone", Int(SIGCHLD)) >= 0 },
        "trace-its-parent": { call("ptrace", 16, Int(getppid())) == 0 },
        "read-another-process": { call("process_vm_readv", Int(getppid())) >= 0 },
        "make-a-file-in-memory": { call("memfd_create") >= 0 },
        "make-a-ring": { call("io_uring_setup", 1) >= 0 },
        "make-its-pages-executable": {
            let page = mmap(nil, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
            return mprotect(page, 4096, PROT_READ | PROT_EXEC) == 0
        },
        "send-elsewhere": { call("sendmsg", 2) >= 0 },
        "receive-elsewhere": { call("recvmsg", 2) >= 0 },
        "copy-a-descriptor": { dup(2) >= 0 },
        "unlock-itself": { call("prctl", 4, 1) == 0 },
        "leave-its-namespaces": { call("unshare", 0x1000_0000) == 0 },
        "mount-something": { call("mount") == 0 },
        "load-a-kernel-program": { call("bpf") >= 0 },
        "signal-everyone": { kill(-1, 0) == 0 },
        "rename-a-file": { rename("/tmp/lightbox-probe", "/tmp/lightbox-probe-2") == 0 },
        "change-a-file's-rights": { chmod("/", 0o755) == 0 },
    ]

    /// Uses the processor for so long.
    private static func spin(seconds: Double) -> Bool {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        let end = Double(time.tv_sec) + Double(time.tv_nsec) / 1e9 + seconds
        while Double(time.tv_sec) + Double(time.tv_nsec) / 1e9 < end { clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time) }
        return true
    }

    /// A system call by its name: Swift sees neither `syscall` nor the numbers.
    private static func call(_ name: String, _ arguments: Int...) -> Int {
        typealias Call = @convention(c) (Int, Int, Int, Int, Int, Int, Int) -> Int
        let number = seccomp_syscall_resolve_name(name)
        guard number >= 0, let address = dlsym(nil, "syscall") else { _exit(64) }
        let padded = arguments + Array(repeating: 0, count: 6 - arguments.count)
        return unsafeBitCast(address, to: Call.self)(
            Int(number), padded[0], padded[1], padded[2], padded[3], padded[4], padded[5])
    }
}
